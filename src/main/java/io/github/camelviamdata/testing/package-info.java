// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0

/**
 * For the tests of applications: a {@code viamdata-server} in the place of Viam, as an extension of JUnit 5. The
 * application brings {@code org.junit.jupiter:junit-jupiter-api} itself. Nothing that runs in production needs it.
 *
 * <p>Parameters and results are not null unless their description says so.
 */
package io.github.camelviamdata.testing;
