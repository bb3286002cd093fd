// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture;

import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.github.camelviamdata.ViamDataComponent;
import io.github.camelviamdata.architecture.broken.ViamDataEndpoint;
import java.security.MessageDigest;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Keeps the rooms of the design apart. Each part of each rule is shown to fail on classes that break it: those
 * of the package {@code broken} have the rooms in miniature.
 */
class ArchitectureTest {

    private static final String OWN = ViamDataComponent.class.getPackageName();
    private static final String BROKEN = ViamDataEndpoint.class.getPackageName();
    // Component, endpoint and producer, with what Camel generates for them, and the checks of their options.
    private static final String FACE_CLASSES =
            "ViamData(CaptureProducer|Component|Consumer|Endpoint|OperationProducer|OptionsChecker|Producer).*";
    private static final String NETTY = "io.grpc.netty..";

    private static JavaClasses own;
    private static JavaClasses broken;

    @BeforeAll
    static void load() {
        // What is not ours counts by its name. It takes seconds to look into all of it.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        ClassFileImporter importer = new ClassFileImporter();
        own = importer.importUrl(
                ViamDataComponent.class.getProtectionDomain().getCodeSource().getLocation());
        broken = importer.importPackagesOf(ViamDataEndpoint.class);
        assertThat(own).hasSizeGreaterThan(100);
    }

    enum Rule {
        /** From an exchange to an upload, with no network. Of gRPC it names the status that its failures have. */
        MESSAGE(
                "client.Reads>",
                "server.Sends>",
                "transport.Knows>",
                "observe.Takes>",
                "springboot.Starts>",
                "<io.grpc.Channel>") {
            @Override
            ArchRule in(String root) {
                return noClasses()
                        .that(room(root, "message"))
                        .should()
                        .dependOnClassesThat(
                                rooms(root, "client", "once", "query", "server", "transport", "observe", "springboot")
                                        .or(resideInAPackage("io.grpc..").and(DescribedPredicate.not(grpcStatus()))));
            }
        },
        /** From an upload to the service. It knows no exchange; of Camel it has the settings of TLS, and a reader of JSON. */
        CLIENT(
                "message.Connects>",
                "server.Sends>",
                "observe.Takes>",
                "springboot.Starts>",
                "<org.apache.camel.Exchange>") {
            @Override
            ArchRule in(String root) {
                return noClasses()
                        .that(room(root, "client"))
                        .should()
                        .dependOnClassesThat(rooms(root, "message", "once", "query", "server", "observe", "springboot")
                                .or(resideInAPackage("org.apache.camel..")
                                        .and(DescribedPredicate.not(resideInAnyPackage(
                                                "org.apache.camel.support.jsse..", "org.apache.camel.util.json..")))));
            }
        },
        /** From the service to an exchange. */
        SERVER("client.Reads>", "springboot.Starts>") {
            @Override
            ArchRule in(String root) {
                return noClasses()
                        .that(room(root, "server"))
                        .should()
                        .dependOnClassesThat(rooms(root, "client", "once", "query", "springboot"));
            }
        },
        /** What both ends of a connection share: it knows neither, nor Camel, nor what is sent. */
        TRANSPORT("<org.apache.camel.CamelContext>", "server.Sends>", "broken.ViamDataEndpoint>") {
            @Override
            ArchRule in(String root) {
                return noClasses()
                        .that(room(root, "transport"))
                        .should()
                        .dependOnClassesThat(resideInAPackage("org.apache.camel..")
                                .or(resideInAPackage(root + "..")
                                        .and(DescribedPredicate.not(room(root, "transport")))));
            }
        },
        /** What any room may do with a file: it knows none of them, nor Camel. */
        FILES("<org.apache.camel.CamelContext>", "server.Sends>") {
            @Override
            ArchRule in(String root) {
                return noClasses()
                        .that(room(root, "files"))
                        .should()
                        .dependOnClassesThat(resideInAPackage("org.apache.camel..")
                                .or(resideInAPackage(root + "..").and(DescribedPredicate.not(room(root, "files")))));
            }
        },
        /** It looks at clients, counts for servers, and takes part in nothing. */
        OBSERVE("message.Connects>", "server.Sends>", "transport.Knows>", "springboot.Starts>", "proto.Request>") {
            @Override
            ArchRule in(String root) {
                return noClasses()
                        .that(room(root, "observe"))
                        .should()
                        .dependOnClassesThat(
                                rooms(root, "message", "query", "server", "transport", "springboot", "proto"));
            }
        },
        /** What a message becomes, without the message: neither where it came from, nor how it is sent. */
        UPLOAD("message.Connects>", "client.Reads>", "<org.apache.camel.CamelContext>", "<io.grpc.Channel>") {
            @Override
            ArchRule in(String root) {
                return noClasses()
                        .that(room(root, "upload"))
                        .should()
                        .dependOnClassesThat(rooms(
                                        root,
                                        "message",
                                        "client",
                                        "server",
                                        "transport",
                                        "observe",
                                        "options",
                                        "springboot")
                                .or(resideInAnyPackage("org.apache.camel..", "io.grpc..")));
            }
        },
        /** Reads the options of both components, and so knows neither. */
        OPTIONS("message.Connects>", "broken.ViamDataConfiguration>") {
            @Override
            ArchRule in(String root) {
                return noClasses()
                        .that(room(root, "options"))
                        .should()
                        .dependOnClassesThat(
                                resideInAPackage(root + "..").and(DescribedPredicate.not(room(root, "options"))));
            }
        },
        /** Rooms know the values and the configuration of the component, and not who calls them. */
        FACE(
                "message.Connects.",
                "client.Reads.",
                "server.Sends.",
                "transport.Knows.",
                ".ViamDataComponent>",
                ".ViamDataEndpoint>",
                ".ViamDataProducer>",
                ".ViamDataOptionsChecker>",
                "observe.Takes.") {
            @Override
            ArchRule in(String root) {
                return noClasses()
                        .that(rooms(root, "message", "client", "query", "server", "transport", "observe", "upload"))
                        .should()
                        .dependOnClassesThat(nameMatching(root.replace(".", "\\.") + "\\." + FACE_CLASSES));
            }
        },
        /** Values know no room, so that each room may know them. */
        VALUES(".ViamDataConstants.") {
            @Override
            ArchRule in(String root) {
                return noClasses()
                        .that(DescribedPredicate.describe(
                                "values", type -> Rooms.of(root, type).equals("values")))
                        .should()
                        .dependOnClassesThat(DescribedPredicate.describe(
                                "belong to a room",
                                type -> !List.of("", "values").contains(Rooms.of(root, type))));
            }
        },
        /** For the tests of applications: the service's side, which shares no code that sends or reads with the side under test. */
        TESTING(
                "client.Reads>",
                "query.Lists>",
                "once.Repeats>",
                "transport.Knows>",
                "observe.Takes>",
                "springboot.Starts>") {
            @Override
            ArchRule in(String root) {
                return noClasses()
                        .that(room(root, "testing"))
                        .should()
                        .dependOnClassesThat(
                                rooms(root, "client", "query", "once", "transport", "observe", "springboot"));
            }
        },
        /** What holds data for a test is the same in a test without JUnit, and needs no Camel. */
        TESTING_SERVICE(
                "<org.apache.camel.Exchange>", "<org.junit.jupiter.api.extension.Extension>", "testing.Plays>") {
            @Override
            ArchRule in(String root) {
                return noClasses()
                        .that(room(root, "testing.service"))
                        .should()
                        .dependOnClassesThat(resideInAnyPackage("org.junit..", "org.apache.camel..")
                                .or(resideInAPackage(root + ".testing")));
            }
        },
        /** What runs in production needs nothing that only tests have. */
        PRODUCTION(
                "<org.junit.jupiter.api.extension.Extension>",
                "<org.apache.camel.impl.DefaultCamelContext>",
                "testing.Plays>") {
            @Override
            ArchRule in(String root) {
                return only(room(root, "testing"), "org.junit..", "org.apache.camel.impl..", root + ".testing..");
            }
        },
        /** What Kamelets are made of: it knows the exceptions of uploads, and no room. */
        SOURCE("client.Reads>", "server.Sends>", "observe.Takes>") {
            @Override
            ArchRule in(String root) {
                return noClasses()
                        .that(room(root, "source"))
                        .should()
                        .dependOnClassesThat(rooms(
                                root,
                                "message",
                                "client",
                                "upload",
                                "server",
                                "transport",
                                "observe",
                                "options",
                                "springboot",
                                "proto"));
            }
        },
        /** What makes uploads once: it uses the client, and only the component knows it. */
        ONCE("server.Sends>", "observe.Takes>", "transport.Knows>", "springboot.Starts>") {
            @Override
            ArchRule in(String root) {
                return noClasses()
                        .that(room(root, "once"))
                        .should()
                        .dependOnClassesThat(
                                rooms(root, "query", "server", "observe", "transport", "springboot", "source"));
            }
        },
        /** What reads back: it uses the client, and only the component knows it. */
        QUERY("server.Sends>", "observe.Takes>", "transport.Knows>", "once.Repeats>", "springboot.Starts>") {
            @Override
            ArchRule in(String root) {
                return noClasses()
                        .that(room(root, "query"))
                        .should()
                        .dependOnClassesThat(
                                rooms(root, "once", "server", "observe", "transport", "springboot", "source"));
            }
        },
        /** Of the root package, what Camel sees is a room of its own: it knows all others, which know the values beside it. */
        CYCLES("Slice message", "Slice client", "Slice observe", "Slice face", "Slice configuration") {
            @Override
            ArchRule in(String root) {
                return slices().assignedFrom(new Rooms(root)).should().beFreeOfCycles();
            }
        },
        /** What the protocol generates stays where it is read and written. */
        PROTO("broken.ViamDataEndpoint.", "transport.Knows.", "observe.Takes.", "springboot.Starts.") {
            @Override
            ArchRule in(String root) {
                return noClasses()
                        .that(DescribedPredicate.not(rooms(
                                root, "message", "client", "upload", "once", "query", "server", "testing", "proto")))
                        .should()
                        .dependOnClassesThat(room(root, "proto"));
            }
        },
        SPRING(
                "<org.springframework.core.env.Environment>",
                "<org.apache.camel.spring.boot.CamelConfigurationProperties>") {
            @Override
            ArchRule in(String root) {
                return only(room(root, "springboot"), "org.springframework..", "org.apache.camel.spring..");
            }
        },
        MICROMETER("<io.micrometer.core.instrument.Counter>") {
            @Override
            ArchRule in(String root) {
                return only(room(root, "observe"), "io.micrometer..");
            }
        },
        TIKA("<org.apache.tika.mime.MediaType>") {
            @Override
            ArchRule in(String root) {
                return only(named(root, "message.ContentTypes"), "org.apache.tika..");
            }
        },
        GSON("<com.google.gson.stream.JsonReader>") {
            @Override
            ArchRule in(String root) {
                return only(
                        named(root, "message.JsonReadings").or(named(root, "source.AsideReport")), "com.google.gson..");
            }
        },
        NETTY_CLASSES("<io.grpc.netty.shaded.io.netty.util.NetUtil>") {
            @Override
            ArchRule in(String root) {
                return only(
                        room(root, "transport")
                                .or(named(root, "client.Channels"))
                                .or(named(root, "server.UploadServer")),
                        NETTY);
            }
        },
        CONSOLE("System.out>", "System.err>", "Exception.printStackTrace()>") {
            @Override
            ArchRule in(String root) {
                // Of exceptions of any class: what they inherit it from is not looked into.
                return noClasses()
                        .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                        .orShould()
                        .accessTargetWhere(target(nameMatching("printStackTrace")));
            }
        },
        LOGGING("<java.util.logging.Logger>") {
            @Override
            ArchRule in(String root) {
                // The log of gRPC, which is to be limited.
                return only(named(root, "transport.PeerLog"), "java.util.logging..");
            }
        },
        /** Nothing that came from outside is run, evaluated or turned into objects. */
        EXECUTION(
                "<java.io.ObjectInputStream>",
                "<java.lang.ProcessBuilder>",
                "<java.lang.Runtime>",
                "<javax.script.ScriptEngine>",
                "<org.apache.camel.Expression>",
                "<org.apache.camel.Predicate>",
                "<org.apache.camel.spi.Language>") {
            @Override
            ArchRule in(String root) {
                // The key of an upload is an option, which only the configuration of a route can set.
                return noClasses()
                        .that(DescribedPredicate.not(room(root, "once")))
                        .should()
                        .dependOnClassesThat(nameMatching("java\\.io\\.ObjectInputStream|java\\.lang\\.ProcessBuilder"
                                + "|java\\.lang\\.Runtime|javax\\.script\\..*"
                                + "|org\\.apache\\.camel\\.(Expression|Predicate|spi\\.Language)"));
            }
        },
        /** No comparison of a key or of a signature tells by its time how much of it was right. */
        SECRETS(
                "server.ApiKeys.accepts(",
                "String.equals(",
                "String.equalsIgnoreCase(",
                "String.contentEquals(",
                "String.compareTo(",
                "Objects.equals(",
                "Arrays.equals(",
                "Arrays.mismatch(") {
            @Override
            ArchRule in(String root) {
                return classes()
                        .that(named(root, "server.ApiKeys").or(named(root, "server.IssuedTokens")))
                        .should()
                        .callMethod(MessageDigest.class, "isEqual", byte[].class, byte[].class)
                        .andShould(ArchConditions.never(ArchConditions.accessTargetWhere(
                                target(nameMatching(".*[eE]quals.*|compare.*|mismatch")))));
            }
        },
        /** A second channel to a locked file would release the lock once it is closed. */
        LOCKS("FileChannel.tryLock(", "FileChannel.lock(") {
            @Override
            ArchRule in(String root) {
                return noClasses()
                        .that(DescribedPredicate.not(named(root, "files.LockFile")))
                        .should()
                        .accessTargetWhere(targetOwner(resideInAPackage("java.nio.channels.."))
                                .and(target(nameMatching("lock|tryLock"))));
            }
        },
        /** What is loopback is decided without a name server: nothing is called that might ask one. */
        LOOPBACK(
                "InetAddress.getByName(",
                "InetAddress.getAllByName(",
                "SocketUtils.addressByName(",
                "InetSocketAddress.<init>(") {
            @Override
            ArchRule in(String root) {
                return noClasses()
                        .that(named(root, "transport.Loopback"))
                        .should()
                        .accessTargetWhere(DescribedPredicate.not(targetOwner(resideInAPackage("java.lang.."))
                                .or(target(nameMatching("createInetAddressFromIpAddressString|isLoopbackAddress")))));
            }
        };

        /** What the report on the classes that break it must name, so that no part of the rule is without effect. */
        private final List<String> named;

        Rule(String... named) {
            this.named = List.of(named);
        }

        abstract ArchRule in(String root);

        private static ArchRule only(DescribedPredicate<JavaClass> classes, String... packages) {
            return noClasses()
                    .that(DescribedPredicate.not(classes))
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(packages));
        }

        private static DescribedPredicate<JavaClass> room(String root, String name) {
            return resideInAPackage(root + "." + name + "..");
        }

        private static DescribedPredicate<JavaClass> rooms(String root, String... names) {
            return resideInAnyPackage(List.of(names).stream()
                    .map(name -> root + "." + name + "..")
                    .toArray(String[]::new));
        }

        private static DescribedPredicate<JavaClass> grpcStatus() {
            return DescribedPredicate.describe(
                    "Status",
                    type -> type.getName().equals("io.grpc.Status")
                            || type.getName().startsWith("io.grpc.Status$"));
        }

        /** A class, and those in it. */
        private static DescribedPredicate<JavaClass> named(String root, String name) {
            return DescribedPredicate.describe(
                    name,
                    type -> type.getName().equals(root + "." + name)
                            || type.getName().startsWith(root + "." + name + "$"));
        }
    }

    /**
     * The packages, and three parts of the root package: the face, which Camel calls; the configuration, one option of which is
     * a client; and the values, such as headers, enums and exceptions.
     */
    private record Rooms(String root) implements SliceAssignment {

        /** The room of a class, or an empty text for what is not ours. */
        static String of(String root, JavaClass type) {
            String name = type.getName();
            if (!name.startsWith(root + ".")) {
                return "";
            }
            String inside = name.substring(root.length() + 1);
            if (inside.contains(".")) {
                return inside.substring(0, inside.indexOf('.'));
            } else if (inside.matches(FACE_CLASSES)) {
                return "face";
            }
            return inside.equals("ViamDataConfiguration") ? "configuration" : "values";
        }

        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            String room = of(root, type);
            return room.isEmpty() ? SliceIdentifier.ignore() : SliceIdentifier.of(room);
        }

        @Override
        public String getDescription() {
            return "rooms";
        }
    }

    @ParameterizedTest
    @EnumSource(Rule.class)
    void holds(Rule rule) {
        rule.in(OWN).check(own);
    }

    @ParameterizedTest
    @EnumSource(Rule.class)
    void failsWhereItIsBroken(Rule rule) {
        String report = String.join(
                "\n", rule.in(BROKEN).evaluate(broken).getFailureReport().getDetails());

        assertThat(report).contains(rule.named);
    }
}
