// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.support.ChildJvm;
import io.github.camelviamdata.support.UploadOnce;
import io.github.camelviamdata.testing.ReceivedUpload;
import io.github.camelviamdata.testing.ViamDataServerExtension;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Spring, meters, health checks, the console, JMX and types of content are there for those who have the libraries. Nobody else needs them. */
class OptionalLibrariesTest {

    private static final Pattern OPTIONAL =
            Pattern.compile("(micrometer|camel-health|camel-console|camel-management-\\d|spring|tika)[^/]*\\.jar$");

    @RegisterExtension
    static final ViamDataServerExtension viam = new ViamDataServerExtension();

    @ParameterizedTest
    @CsvSource({
        "tika, detectMimeType=true, The option detectMimeType needs Apache Tika: add the dependency org.apache.tika:tika-core",
        "tika, correctMimeType=true, The option correctMimeType needs Apache Tika: add the dependency org.apache.tika:tika-core"
    })
    void namesTheLibraryThatAnOptionNeeds(String library, String option, String text) throws Exception {
        List<Path> classPath = ChildJvm.ownClassPath().stream()
                .filter(path -> !path.toString().contains(library))
                .toList();
        assertThat(classPath).hasSize(ChildJvm.ownClassPath().size() - 1);

        ChildJvm.Result result = new ChildJvm(classPath)
                .run(
                        60,
                        UploadOnce.class.getName(),
                        "viamdata:part?host=localhost&plaintext=true&componentType=camera&componentName=gate"
                                + "&methodName=GetImages&fileExtension=.jpg&" + option);

        assertThat(result.exitCode()).as(result.output()).isNotZero();
        assertThat(result.output()).contains(text);
    }

    @Test
    void uploadsWithoutThem() throws Exception {
        Map<Boolean, List<Path>> classPath = ChildJvm.ownClassPath().stream()
                .collect(Collectors.partitioningBy(
                        path -> OPTIONAL.matcher(path.toString()).find()));
        assertThat(classPath.get(true)).hasSizeGreaterThanOrEqualTo(10);

        ChildJvm.Result result = new ChildJvm(classPath.get(false))
                .run(
                        60,
                        UploadOnce.class.getName(),
                        "viamdata:part?componentType=camera&componentName=gate&methodName=GetImages"
                                + "&fileExtension=.jpg&" + viam.options());

        assertThat(result.exitCode()).as(result.output()).isZero();
        assertThat(viam.received())
                .singleElement()
                .extracting(ReceivedUpload::text)
                .isEqualTo("picture");
    }
}
