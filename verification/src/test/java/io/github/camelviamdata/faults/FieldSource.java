// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A real source of messages, and a route of the examples that uploads them. */
abstract class FieldSource {

    final Path directory;
    private final String name;
    private final String routes;

    FieldSource(Path directory, String name, String routes) {
        this.directory = directory;
        this.name = name;
        this.routes = routes;
    }

    String name() {
        return name;
    }

    /** The file with the route, or the folder with its class. */
    String routes() throws Exception {
        return routes;
    }

    abstract void start() throws Exception;

    abstract void stop() throws Exception;

    /** Where clients of the broker connect to. */
    abstract int port();

    /** Lets the route, and no other client of MQTT, connect to a proxy. To be called before the start. */
    abstract void routeBy(int proxyPort);

    /** Sends {@code SIGSTOP} or {@code SIGCONT} to the broker. */
    abstract void signal(String name) throws Exception;

    static void signal(long process, String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process)).start().waitFor();
    }

    /**
     * @param detail the port that clients of Kafka are told, or the size in bytes of Artemis's largest packet
     */
    Child broker(String kind, int port, int detail) throws IOException {
        return new Child(
                brokerClassPath(),
                List.of(),
                Files.createDirectories(Report.DIRECTORY).resolve("field-broker-" + kind + ".log"),
                BrokerProgram.class,
                List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"),
                kind,
                String.valueOf(port),
                String.valueOf(detail),
                directory.resolve(kind).toString());
    }

    /** A broker of Kafka takes the clients of its own version, whichever the routes have. They lie beside those. */
    private static String brokerClassPath() {
        String classPath = System.getProperty("java.class.path");
        Matcher server = Pattern.compile("kafka_2\\.13-([0-9.]+)\\.jar").matcher(classPath);
        if (!server.find()) {
            throw new IllegalStateException("There is no broker of Kafka on the class path");
        }
        return classPath.replaceAll(
                "([/\\\\]kafka-clients[/\\\\])[0-9.]+([/\\\\]kafka-clients-)[0-9.]+\\.jar",
                "$1" + server.group(1) + "$2" + server.group(1) + ".jar");
    }

    /** Lets the source know of the route that comes later, where it would keep nothing for it otherwise. */
    void announce() throws Exception {
        // Kafka and folders keep all.
    }

    /** Gives a message to the source, which has it when this returns. A place is a topic, a folder, or a record's extension. */
    abstract void publish(int number, String place, byte[] body) throws Exception;

    /** A place of a camera that is called gate. */
    abstract String place();

    /** Places that names of files or topics can be, and that no route is made for. What comes from there is stored. */
    abstract List<String> oddPlaces();

    /** Such places that the route makes no upload of. */
    List<String> refusedPlaces() {
        return List.of();
    }

    abstract List<String> properties();

    /** How many messages were put aside. */
    long putAside() throws IOException {
        return putAsideIn(directory.resolve("rejected"));
    }

    static long putAsideIn(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return 0;
        }
        try (var files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json")).count();
        }
    }
}
