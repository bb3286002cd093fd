// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import io.github.camelviamdata.docs.JavaRoute;
import io.github.camelviamdata.docs.ReadmeBlocks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The sources of messages with the routes of {@code README.md}, out of that page. Only places and ports are other ones. */
final class ReadmeSources {

    private static final String PART = "viam.partId=part";

    private ReadmeSources() {}

    /** Gives the folder of the class. */
    private static String compiled(Path directory, String block, Object... replacements) throws Exception {
        Path classes = Files.createDirectories(directory.resolve("readme"));
        JavaRoute.compile(ReadmeBlocks.block(block, replacements), classes);
        return classes.toString();
    }

    static final class Mqtt extends MqttSource.OfMosquitto {

        Mqtt(Path directory) throws IOException {
            super(directory);
        }

        @Override
        String name() {
            return "mosquitto, README's route";
        }

        @Override
        String routes() throws Exception {
            return compiled(
                    directory,
                    "From MQTT, java",
                    "localhost:1883",
                    "localhost:" + routePort,
                    "putAside=rejected",
                    "putAside=" + directory.resolve("rejected"));
        }

        @Override
        List<String> properties() {
            return List.of(PART);
        }

        @Override
        String topics() {
            return "cameras/+/jpg";
        }

        @Override
        String place() {
            return "cameras/gate/jpg";
        }

        @Override
        List<String> oddPlaces() {
            return List.of("cameras/../jpg", "cameras/" + "l".repeat(300) + "/jpg", "cameras/ü ${x} %2e/jpg");
        }

        @Override
        List<String> refusedPlaces() {
            return List.of("cameras//jpg");
        }
    }

    static final class Kafka extends KafkaSource {

        Kafka(Path directory) throws IOException {
            super(directory);
        }

        @Override
        String name() {
            return "Kafka, README's route";
        }

        @Override
        String routes() throws Exception {
            return compiled(
                    directory,
                    "From Kafka, java",
                    "localhost:9092",
                    "localhost:" + advertisedPort,
                    "putAside=rejected",
                    "putAside=" + directory.resolve("rejected"));
        }

        @Override
        List<String> properties() {
            List<String> properties = new ArrayList<>(super.properties());
            properties.add(PART);
            return properties;
        }

        @Override
        Map<String, String> headers(String camera) {
            return Map.of("camera", camera);
        }

        @Override
        String place() {
            return "gate";
        }

        @Override
        List<String> oddPlaces() {
            return List.of("/../../x", "x".repeat(300), "ü ${x} %2e");
        }

        @Override
        List<String> refusedPlaces() {
            return List.of("");
        }
    }

    static final class Folder extends FolderSource {

        Folder(Path directory) throws IOException {
            super(directory);
        }

        @Override
        String name() {
            return "folder, README's route";
        }

        @Override
        String routes() throws Exception {
            return compiled(directory, "From files, java", "directory=inbox", "directory=" + inbox);
        }

        @Override
        List<String> properties() {
            return List.of(PART);
        }
    }

    /** The route that has its own redelivery, and no Kamelet as its source. */
    static final class OwnErrors extends FolderSource {

        OwnErrors(Path directory) throws IOException {
            super(directory);
        }

        @Override
        String name() {
            return "folder, README's route without a source Kamelet";
        }

        @Override
        String routes() throws Exception {
            return compiled(
                    directory,
                    "When an upload fails, java",
                    "file:inbox",
                    "file:" + inbox,
                    "directory=rejected",
                    "directory=" + directory.resolve("rejected"));
        }

        @Override
        List<String> properties() {
            return List.of(PART);
        }

        /** It reads no folder below. */
        @Override
        String place() {
            return "";
        }

        @Override
        List<String> oddPlaces() {
            return List.of("ümlaut $1 ${x} %2e", "a+b?c&d=e#f", "l".repeat(200));
        }

        @Override
        long putAside() throws IOException {
            return putAsideIn(directory.resolve("rejected"));
        }
    }
}
