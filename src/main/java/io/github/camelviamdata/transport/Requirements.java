// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.transport;

import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.util.Arrays;

/** Checks that libraries are not older than the components support: old ones would fail later, with misleading errors. */
public final class Requirements {

    private static final String CAMEL = "4.8";
    private static final String PROTOBUF = "3.25.5";

    private Requirements() {}

    /**
     * @param camelVersion the version of the context
     * @throws IllegalStateException if a library is older
     */
    public static void check(String camelVersion) {
        check("Camel", camelVersion, CAMEL);
        check("protobuf-java", protobufVersion(), PROTOBUF);
    }

    /**
     * @param version the version on the class path; null or blank if unknown
     * @param oldest the oldest version that is supported
     * @throws IllegalStateException if it is older than that
     */
    public static void check(String library, String version, String oldest) {
        if (version != null && !version.isBlank() && Arrays.compare(numbers(version), numbers(oldest)) < 0) {
            throw new IllegalStateException("camel-viamdata needs " + library + " " + oldest + " or later, and found "
                    + version + ": raise its version in your build");
        }
    }

    private static int[] numbers(String version) {
        return Arrays.stream(version.split("[^0-9]+"))
                .filter(part -> !part.isEmpty() && part.length() < 9)
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    /** The version in the manifest of its jar; null without one. */
    private static String protobufVersion() {
        URL type = MessageLite.class.getResource("MessageLite.class");
        try {
            return type != null && type.openConnection() instanceof JarURLConnection jar && jar.getManifest() != null
                    ? jar.getManifest().getMainAttributes().getValue("Bundle-Version")
                    : null;
        } catch (IOException e) {
            return null;
        }
    }
}
