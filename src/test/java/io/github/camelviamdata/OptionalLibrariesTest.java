// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.service.TestService;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Spring, meters, health checks, the console and JMX are there for those who have the libraries. Nobody else needs them. */
class OptionalLibrariesTest {

    private static final Pattern OPTIONAL =
            Pattern.compile("(micrometer|camel-health|camel-console|camel-management-\\d|spring)[^/]*\\.jar$");

    @Test
    void uploadsWithoutThem() throws Exception {
        Map<Boolean, List<Path>> classPath = ChildJvm.ownClassPath().stream()
                .collect(Collectors.partitioningBy(
                        path -> OPTIONAL.matcher(path.toString()).find()));
        assertThat(classPath.get(true)).hasSizeGreaterThanOrEqualTo(10);
        try (TestService service = TestService.plaintext()) {
            ChildJvm.Result result = new ChildJvm(classPath.get(false))
                    .run(
                            60,
                            UploadOnce.class.getName(),
                            "viamdata:part?componentType=camera&componentName=gate&methodName=GetImages"
                                    + "&fileExtension=.jpg&" + service.options());

            assertThat(result.exitCode()).as(result.output()).isZero();
            assertThat(service.onlyUpload().payload()).asString().isEqualTo("picture");
        }
    }
}
