// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Mosquitto as Debian ships it, with its defaults but for what a test adds, as a process of its own. */
final class Mosquitto {

    private static final Path PROGRAM = Path.of("/usr/sbin/mosquitto");

    private final Path directory;
    private final int port;
    private final String settings;
    private Process process;

    /**
     * @param settings further lines of its configuration
     */
    Mosquitto(Path directory, int port, String settings) {
        this.directory = directory;
        this.port = port;
        this.settings = settings;
    }

    static boolean isInstalled() {
        return Files.isExecutable(PROGRAM);
    }

    void start() throws IOException {
        Files.createDirectories(directory);
        Path configuration = directory.resolve("mosquitto.conf");
        // Debian's own file, in another place, and with a listener that asks for no password. As root it would change
        // to a user who may not write here.
        Files.writeString(configuration, """
                persistence true
                persistence_location %s/
                log_dest file %s
                listener %d localhost
                allow_anonymous true
                user root
                %s
                """.formatted(directory, directory.resolve("mosquitto.log"), port, settings));
        process = new ProcessBuilder(PROGRAM.toString(), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output.log").toFile())
                .start();
    }

    /** As {@code systemctl stop}: it writes its sessions to the disk. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    /** {@code SIGSTOP} or {@code SIGCONT}. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }
}
