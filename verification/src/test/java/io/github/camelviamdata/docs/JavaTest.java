// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** A test of JUnit that stands in a page. */
final class JavaTest {

    private JavaTest() {}

    /**
     * Compiles and runs a class with one test, which has to pass.
     *
     * @param folder where its source and its class go
     */
    static void run(String name, String code, Path folder) throws Exception {
        Class<?> test = JavaRoute.compiled(name, code, folder);
        SummaryGeneratingListener result = new SummaryGeneratingListener();

        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectClass(test))
                                .build(),
                        result);

        assertThat(result.getSummary().getFailures()).isEmpty();
        assertThat(result.getSummary().getTestsSucceededCount()).isEqualTo(1);
    }
}
