// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.TryCatchBlock;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.github.camelviamdata.ViamDataComponent;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Foreign code, such as a registry of meters, a bean, a stream or a converter, throws Errors as well as exceptions. What catches
 * all exceptions of it, but not those, leaves an exchange without an end, or a file open.
 */
class CaughtErrorsTest {

    private static final Set<String> ALL_EXCEPTIONS =
            Set.of(Exception.class.getName(), RuntimeException.class.getName());

    private static final Set<String> ERRORS =
            Set.of(Throwable.class.getName(), Error.class.getName(), StackOverflowError.class.getName());

    private static final Set<String> NOTHING_TO_CATCH = Set.of(
            // What calls them ends the upload whatever is thrown.
            "Attempt.open",
            "Attempt.read",
            "ProtoValues.number",
            // Give another text, and keep nothing open.
            "ViamDataComponent.createTls",
            // Call nothing foreign.
            "IssuedTokens.payload");

    @Test
    void whatCatchesAllExceptionsCatchesErrorsToo() {
        // What is not ours counts by its name. It takes seconds to look into all of it.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        Set<String> without = new ClassFileImporter()
                        .importUrl(ViamDataComponent.class
                                .getProtectionDomain()
                                .getCodeSource()
                                .getLocation())
                        .stream()
                        .filter(type -> !type.getPackageName().contains(".proto."))
                        .flatMap(type -> type.getCodeUnits().stream())
                        .filter(method ->
                                method.getTryCatchBlocks().stream().anyMatch(CaughtErrorsTest::catchesNoErrors))
                        .map(CaughtErrorsTest::name)
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(without).isEqualTo(NOTHING_TO_CATCH);
    }

    private static boolean catchesNoErrors(TryCatchBlock block) {
        Set<String> caught =
                block.getCaughtThrowables().stream().map(JavaClass::getName).collect(Collectors.toSet());
        return caught.stream().anyMatch(ALL_EXCEPTIONS::contains)
                && caught.stream().noneMatch(ERRORS::contains);
    }

    private static String name(JavaCodeUnit method) {
        return method.getOwner().getSimpleName() + "." + method.getName();
    }
}
