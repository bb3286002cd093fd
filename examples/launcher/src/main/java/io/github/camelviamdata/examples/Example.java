// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import io.github.camelviamdata.ViamDataAuthenticationException;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.ViamDataEndpoint;
import io.github.camelviamdata.ViamDataException;
import io.github.camelviamdata.ViamDataUnavailableException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.LogManager;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.PropertyBindingException;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.CamelEvent.ExchangeCompletedEvent;
import org.apache.camel.spi.CamelEvent.ExchangeEvent;
import org.apache.camel.spi.CamelEvent.ExchangeFailedEvent;
import org.apache.camel.spi.CamelEvent.ExchangeRedeliveryEvent;
import org.apache.camel.support.SimpleEventNotifierSupport;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * Runs one folder of {@code examples}: its YAML routes with its properties, until each file of its inbox has been through
 * the route {@code upload}, or the one that the property {@code counted} names, or, where the property {@code until} is {@code stopped}, until that happens. What is particular
 * to an example stands in its folder, nothing of it here.
 *
 * <p>{@code -Dexample} names the folder, {@code -Dviam} where the uploads go: it chooses the second properties file,
 * {@code application-local.properties} or {@code application-cloud.properties}. {@code -Donly=upload} leaves out all
 * routes but those in {@code upload.camel.yaml}, to share the work of another such process.
 */
public final class Example {

    private static final Pattern FROM_ENVIRONMENT = Pattern.compile("\\{\\{env:(\\w+)}}");

    /**
     * What has become of a message of the upload route.
     *
     * @param error null if it was stored
     * @param last false if the route tries again
     */
    private record Outcome(String name, Throwable error, boolean last) {}

    /** Says in one line what the user has to change. */
    private static final class WrongSetting extends Exception {
        private static final long serialVersionUID = 1L;

        WrongSetting(String message) {
            super(message);
        }
    }

    private final String name;
    private final String viam;
    private final String only;
    private final Path base;
    private final Path folder;

    private Example(String name, String viam, String only, Path base) {
        this.name = name;
        this.viam = viam;
        this.only = only;
        this.base = base;
        this.folder = base.resolve("examples").resolve(name);
    }

    public static void main(String[] args) {
        Path base = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
        Path here = Path.of("").toAbsolutePath();
        Example example = new Example(
                System.getProperty("example", "file"),
                System.getProperty("viam", "local"),
                System.getProperty("only"),
                // Short names are easier to read in the log.
                base.equals(here) ? Path.of("") : base);
        // gRPC logs through java.util.logging, stack traces too; all that matters is in the exceptions.
        LogManager.getLogManager().reset();
        boolean complete = false;
        try {
            complete = example.run();
        } catch (Exception e) {
            System.err.println(reason(e));
        }
        // Under Maven this ends Maven too. Its exit hooks would print after the summary, which is to be the last line.
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(complete ? 0 : 1);
    }

    private boolean run() throws Exception {
        List<Path> settings = settings();
        requireEnvironment(settings);
        Path output = base.resolve("target").resolve("demo").resolve(name);
        if (only == null) {
            delete(output);
        }

        BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
        Main main = new Main();
        main.setPropertyPlaceholderLocations(
                String.join(",", settings.stream().map(file -> "file:" + file).toList()));
        main.addInitialProperty("example.folder", text(folder));
        main.addInitialProperty("example.output", text(output));
        Addresses.addFreePorts(main);
        main.addInitialProperty("routes", "file:" + text(folder) + "/*.camel.yaml");
        main.addInitialProperty(
                "camel.main.routesIncludePattern",
                only == null ? "{{routes}}" : "file:" + text(folder) + "/" + only + ".camel.yaml");
        main.configure().setAutoConfigurationLogSummary(false);
        main.configure().setShutdownTimeout(5);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void afterConfigure(BaseMainSupport camel) {
                String route = camel.getCamelContext().resolvePropertyPlaceholders("{{counted:upload}}");
                camel.getCamelContext().getManagementStrategy().addEventNotifier(new Outcomes(outcomes, route));
            }
        });

        int expected;
        int uploaded;
        String done;
        try {
            start(main);
            CamelContext camel = main.getCamelContext();
            if (camel.resolvePropertyPlaceholders("{{until:uploaded}}").equals("stopped")) {
                logWarnings();
                System.out.println("running until it is stopped, as by Ctrl-C");
                main.getShutdownStrategy().await();
                return true;
            }
            done = camel.resolvePropertyPlaceholders("{{done:uploaded}}");
            String inbox = camel.resolvePropertyPlaceholders("{{inbox}}");
            expected = count(Path.of(inbox), camel.resolvePropertyPlaceholders("{{inbox.include:.*}}"));
            if (expected == 0) {
                throw new WrongSetting("There is no file in " + inbox);
            }
            uploaded = await(outcomes, expected, patience(camel), Addresses.broker(camel), done);
        } finally {
            main.stop();
        }
        System.out.printf("%s %d of %d%n", done, uploaded, expected);
        return uploaded == expected;
    }

    private static void start(Main main) throws Exception {
        StringBuilder addresses = new StringBuilder();
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport camel) {
                addresses.append(Addresses.all(camel.getCamelContext()));
            }
        });
        try {
            main.start();
        } catch (Exception e) {
            // Errors of sockets say what has failed, but not where.
            throw innermost(e) instanceof IOException ? new WrongSetting(reason(e) + addresses) : e;
        }
    }

    /** Nobody waits for a summary: what fails, and what is put aside, has to show in the log. */
    private static void logWarnings() {
        if (System.getProperty("demo.log") == null) {
            System.setProperty("demo.log", "WARN");
            Configurator.reconfigure();
        }
    }

    private List<Path> settings() throws WrongSetting {
        Path common = folder.resolve("application.properties");
        Path particular = folder.resolve("application-" + viam + ".properties");
        if (!Files.exists(common)) {
            throw new WrongSetting("-Dexample=" + name + ": there is no " + text(common));
        }
        if (!Files.exists(particular)) {
            throw new WrongSetting("-Dviam=" + viam + " is neither local nor cloud: there is no " + text(particular));
        }
        return List.of(particular, common);
    }

    /** Names all that is missing at once; Camel would stop at the first. */
    private static void requireEnvironment(List<Path> settings) throws IOException, WrongSetting {
        Set<String> missing = new LinkedHashSet<>();
        for (Path file : settings) {
            for (String line : Files.readAllLines(file)) {
                Matcher variable = FROM_ENVIRONMENT.matcher(line);
                while (!line.startsWith("#") && variable.find()) {
                    String value = System.getenv(variable.group(1));
                    if (value == null || value.isBlank()) {
                        missing.add(variable.group(1));
                    }
                }
            }
        }
        if (!missing.isEmpty()) {
            throw new WrongSetting("Not set in the environment: " + String.join(", ", missing)
                    + ". Without -Dviam, the example needs none of it.");
        }
    }

    private static long patience(CamelContext camel) throws WrongSetting {
        String seconds = camel.resolvePropertyPlaceholders("{{patience}}");
        if (!seconds.matches("[1-9]\\d{0,8}")) {
            throw new WrongSetting("patience is wrong: " + seconds + " is no number of seconds");
        }
        return Long.parseLong(seconds);
    }

    private static int await(BlockingQueue<Outcome> outcomes, int expected, long patience, String broker, String done)
            throws InterruptedException {
        int uploaded = 0;
        int finished = 0;
        while (finished < expected) {
            Outcome outcome = outcomes.poll(patience, TimeUnit.SECONDS);
            if (outcome == null) {
                System.err.println("Gave up: nothing was " + done + " for " + patience + " s" + broker);
                break;
            }
            if (outcome.last()) {
                finished++;
            }
            if (outcome.error() == null) {
                uploaded++;
                continue;
            }
            boolean unreachable = uploaded == 0 && outcome.error() instanceof ViamDataUnavailableException;
            boolean hopeless = unreachable || outcome.error() instanceof ViamDataAuthenticationException;
            if (outcome.last() || hopeless) {
                System.err.println(outcome.name() + " not " + done + ": " + reason(outcome.error()));
            }
            if (hopeless) {
                break; // The others would only say the same.
            }
        }
        return uploaded;
    }

    /** The message of the error itself where it is ours, else the innermost, which is closest to what is wrong. */
    private static String reason(Throwable error) {
        String setting = "";
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (e instanceof PropertyBindingException binding) {
                setting = binding.getOptionPrefix() + binding.getOptionKey() + " is wrong: ";
            }
        }
        Throwable innermost = innermost(error);
        String message = innermost.getMessage();
        return setting
                + (message == null || message.isBlank()
                        ? innermost.toString()
                        : message.strip().replaceAll("\\s*\\R\\s*", " "));
    }

    private static Throwable innermost(Throwable error) {
        Throwable innermost = error;
        while (innermost.getCause() != null && !(innermost instanceof ViamDataException)) {
            innermost = innermost.getCause();
        }
        return innermost;
    }

    private static int count(Path inbox, String include) throws IOException {
        if (!Files.isDirectory(inbox)) {
            return 0;
        }
        try (Stream<Path> files = Files.walk(inbox)) {
            return (int) files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(file -> !file.startsWith(".") && file.matches(include))
                    .count();
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private static String text(Path path) {
        return path.toString().replace(File.separatorChar, '/');
    }

    /** Hands on what becomes of each message of the route that counts. */
    private static final class Outcomes extends SimpleEventNotifierSupport {

        private final BlockingQueue<Outcome> outcomes;
        private final String route;

        Outcomes(BlockingQueue<Outcome> outcomes, String route) {
            this.outcomes = outcomes;
            this.route = route;
            setupIgnore(false);
        }

        @Override
        public boolean isEnabled(CamelEvent event) {
            return (event instanceof ExchangeCompletedEvent
                            || event instanceof ExchangeFailedEvent
                            || event instanceof ExchangeRedeliveryEvent)
                    && route.equals(((ExchangeEvent) event).getExchange().getFromRouteId());
        }

        @Override
        public void notify(CamelEvent event) {
            Exchange exchange = ((ExchangeEvent) event).getExchange();
            String name = exchange.getMessage().getHeader(Exchange.FILE_NAME, exchange.getExchangeId(), String.class);
            if (event instanceof ExchangeRedeliveryEvent) {
                outcomes.add(
                        new Outcome(name, exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class), false));
                return;
            }
            Throwable error = exchange.getException();
            if (exchange.getFromEndpoint() instanceof ViamDataEndpoint) {
                outcomes.add(new Outcome(name, error, true));
                return;
            }
            if (error == null && exchange.getMessage().getHeader(ViamDataConstants.DELIVERY) == null) {
                return; // Not itself an upload: a batch of them, for one.
            }
            if (error == null && exchange.getMessage().getHeader(ViamDataConstants.FILE_ID) == null) {
                // An error handler of the route has seen to it, but stored it is not.
                error = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Throwable.class);
                error = error == null ? new IllegalStateException("the route ended without an ID") : error;
            }
            outcomes.add(new Outcome(name, error, true));
        }
    }
}
