// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0

/**
 * Binds the properties of Spring Boot applications to the components. Spring Boot finds it by the metadata of the jar; no
 * other room needs it. Internal.
 *
 * <p>Parameters and results are not null unless their description says so.
 */
package io.github.camelviamdata.springboot;
