// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0

/**
 * A data service that holds what is stored in memory, for tests: it lists, reads and changes as Viam's does. It knows no JUnit, and
 * is for this project only.
 *
 * <p>Parameters and results are not null unless their description says so.
 */
package io.github.camelviamdata.testing.service;
