// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.handover;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.camelviamdata.ViamDataComponent;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.client.ClientListener;
import io.github.camelviamdata.handover.FaultyServices.Told;
import io.github.camelviamdata.once.Ledger;
import io.github.camelviamdata.support.CaptureFile;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.CamelContext;
import org.apache.camel.health.HealthCheckHelper;
import org.apache.camel.health.HealthCheckRegistry;
import org.apache.camel.health.HealthCheckRepository;
import org.apache.camel.health.WritableHealthCheckRepository;

/**
 * The places where the component calls code that is not its own. {@link HandOverSitesTest} names the methods of the
 * component that belong to each.
 */
enum HandOver {

    /** The executor that a user gives for what follows uploads. */
    WORKER_POOL(Upload.IS_STORED) {
        @Override
        void prepare(CamelContext context, Trap trap) {
            ExecutorService pool = Executors.newCachedThreadPool();
            context.getComponent("viamdata", ViamDataComponent.class)
                    .setWorkerPool(FaultyServices.faulty(ExecutorService.class, pool, trap, "execute"));
        }
    },
    /** The component's own threads, of which none more can be started. */
    CALL_POOL(Upload.MAY_FAIL) {
        @Override
        void prepare(CamelContext context, Trap trap) {
            context.getExecutorServiceManager().setThreadPoolFactory(new FaultyServices.Threads(trap, false));
        }

        @Override
        Set<Fault> faults() {
            return throwing();
        }
    },
    /** The component's timer, for which there is no memory. */
    TIMER(Upload.MAY_FAIL) {
        @Override
        void prepare(CamelContext context, Trap trap) {
            context.getExecutorServiceManager().setThreadPoolFactory(new FaultyServices.Threads(trap, true));
        }

        @Override
        Set<Fault> faults() {
            return throwing();
        }
    },
    LISTENER_OF_ENDS(Upload.IS_STORED) {
        @Override
        ClientListener listener(Trap trap) {
            return FaultyServices.listener(trap, Told.END);
        }
    },
    LISTENER_OF_RETRIES(Upload.IS_STORED) {
        @Override
        ClientListener listener(Trap trap) {
            return FaultyServices.listener(trap, Told.RETRY);
        }

        @Override
        int callsBefore() {
            return 1;
        }
    },
    LISTENER_OF_TOKENS(Upload.IS_STORED) {
        @Override
        ClientListener listener(Trap trap) {
            return FaultyServices.listener(trap, Told.TOKEN);
        }

        @Override
        int callsBefore() {
            return 0;
        }
    },
    METER_RECORDS(Upload.IS_STORED) {
        @Override
        void prepare(CamelContext context, Trap trap) {
            context.getRegistry().bind("metricsRegistry", MeterRegistry.class, FaultyServices.recording(trap));
        }
    },
    /** What does not return holds the start of the endpoint, and no upload. */
    METER_REGISTERS(Upload.IS_STORED) {
        @Override
        void prepare(CamelContext context, Trap trap) {
            context.getRegistry().bind("metricsRegistry", MeterRegistry.class, FaultyServices.registering(trap));
        }

        @Override
        Set<Fault> faults() {
            return throwing();
        }
    },
    /** As above. What is thrown ends a start, but none that comes after it. */
    HEALTH_ADDS(Upload.NONE) {
        @Override
        void prepare(CamelContext context, Trap trap) {
            health(context, trap, "addHealthCheck");
        }

        @Override
        Set<Fault> faults() {
            return throwing();
        }
    },
    HEALTH_REMOVES(Upload.NONE) {
        @Override
        void prepare(CamelContext context, Trap trap) {
            health(context, trap, "removeHealthCheck");
        }

        @Override
        Set<Fault> faults() {
            return throwing();
        }
    },
    OPEN(Upload.ENDS_WHILE_BLOCKED) {
        @Override
        Object body(Trap trap, byte[] bytes) {
            return FaultyBodies.open(trap, bytes);
        }
    },
    READ_THE_FIRST(Upload.ENDS_WHILE_BLOCKED) {
        @Override
        Object body(Trap trap, byte[] bytes) {
            return FaultyBodies.read(trap, bytes, 0);
        }
    },
    /** Those that decide whether it becomes a stream, or those after them. */
    READ_MORE(Upload.ENDS_WHILE_BLOCKED) {
        @Override
        Object body(Trap trap, byte[] bytes) {
            return FaultyBodies.read(trap, bytes, bytes.length - 20);
        }
    },
    READ_CHARACTERS(Upload.ENDS_WHILE_BLOCKED) {
        @Override
        Object body(Trap trap, byte[] bytes) {
            return FaultyBodies.reader(trap, bytes);
        }
    },
    CLOSE(Upload.IS_STORED_WHILE_BLOCKED) {
        @Override
        Object body(Trap trap, byte[] bytes) {
            return FaultyBodies.close(trap, bytes);
        }
    },
    /** The caller maps messages, so it waits for the converter. */
    CONVERT(Upload.MAY_FAIL) {
        @Override
        void prepare(CamelContext context, Trap trap) {
            context.getTypeConverterRegistry()
                    .addTypeConverter(byte[].class, FaultyBodies.Opaque.class, new FaultyBodies.Converter(trap));
        }

        @Override
        Object body(Trap trap, byte[] bytes) {
            return new FaultyBodies.Opaque(bytes);
        }

        @Override
        Set<Fault> faults() {
            return EnumSet.allOf(Fault.class);
        }
    },
    HEADER(Upload.MAY_FAIL) {
        @Override
        Map<String, Object> headers(Trap trap) {
            return Map.of(ViamDataConstants.FILE_EXTENSION, FaultyBodies.text(trap, ".png"));
        }

        @Override
        Object body(Trap trap, byte[] bytes) {
            return bytes;
        }
    },
    ITERATE(Upload.MAY_FAIL) {
        @Override
        Object body(Trap trap, byte[] bytes) {
            return FaultyBodies.readings(trap);
        }

        @Override
        Map<String, Object> headers(Trap trap) {
            return Map.of(ViamDataConstants.OPERATION, "tabular");
        }
    },
    /** The readings in a stream, which the caller maps. */
    READ_JSON(Upload.MAY_FAIL) {
        @Override
        Object body(Trap trap, byte[] bytes) {
            byte[] json = ("[{\"level\": \"" + new String(bytes, StandardCharsets.US_ASCII) + "\"}]")
                    .getBytes(StandardCharsets.US_ASCII);
            return FaultyBodies.read(trap, json, json.length - 20);
        }

        @Override
        Map<String, Object> headers(Trap trap) {
            return Map.of(ViamDataConstants.OPERATION, "tabular");
        }
    },
    READ_CAPTURE_FILE(Upload.MAY_FAIL) {
        @Override
        Object body(Trap trap, byte[] bytes) {
            byte[] file = CaptureFile.ofPictures(bytes).bytes();
            return FaultyBodies.read(trap, file, file.length - 20);
        }

        @Override
        Map<String, Object> headers(Trap trap) {
            return Map.of(ViamDataConstants.OPERATION, "capture");
        }
    },
    /** What the content is, which its first bytes tell. */
    DETECT(Upload.MAY_FAIL) {
        @Override
        Object body(Trap trap, byte[] bytes) {
            return FaultyBodies.read(trap, bytes, 0);
        }

        @Override
        String options() {
            return "detectMimeType=true";
        }
    },
    /** The ledger of the option {@code once}. */
    LEDGER_BEGINS(Upload.MAY_FAIL) {
        @Override
        void prepare(CamelContext context, Trap trap) {
            ledger(context, trap, "begin");
        }

        @Override
        String optionsOfAll() {
            return ONCE;
        }
    },
    LEDGER_IS_DONE(Upload.IS_STORED) {
        @Override
        void prepare(CamelContext context, Trap trap) {
            ledger(context, trap, "done");
        }

        @Override
        String optionsOfAll() {
            return ONCE;
        }
    },
    /** The route, which goes on with the exchange. */
    CALLBACK(Upload.IS_STORED);

    private static final String ONCE = "once=ledger&ledger=#ledger&onceKey=${exchangeId}";

    /** What becomes of the upload that meets a fault. */
    enum Upload {
        NONE,
        MAY_FAIL,
        ENDS_WHILE_BLOCKED,
        IS_STORED,
        IS_STORED_WHILE_BLOCKED
    }

    private final Upload upload;

    HandOver(Upload upload) {
        this.upload = upload;
    }

    private static Set<Fault> throwing() {
        return EnumSet.of(Fault.REJECTED, Fault.RUNTIME_EXCEPTION, Fault.OUT_OF_MEMORY, Fault.STACK_OVERFLOW);
    }

    private static void health(CamelContext context, Trap trap, String method) {
        HealthCheckRegistry registry = HealthCheckHelper.getHealthCheckRegistry(context);
        WritableHealthCheckRepository repository =
                HealthCheckHelper.getHealthCheckRepository(context, "producers", WritableHealthCheckRepository.class);
        registry.unregister(repository);
        HealthCheckRepository faulty =
                FaultyServices.faulty(WritableHealthCheckRepository.class, repository, trap, method);
        registry.register(faulty);
    }

    private static void ledger(CamelContext context, Trap trap, String method) {
        Set<String> keys = ConcurrentHashMap.newKeySet();
        context.getRegistry()
                .bind("ledger", Ledger.class, FaultyServices.faulty(Ledger.class, ledger(keys), trap, method));
    }

    private static Ledger ledger(Set<String> keys) {
        return new Ledger() {
            @Override
            public State begin(String key) {
                return keys.add(key) ? State.begun() : State.open();
            }

            @Override
            public void done(String key, String id) {
                assertThat(keys).contains(key);
            }

            @Override
            public void forget(String key) {
                keys.remove(key);
            }
        };
    }

    Upload upload() {
        return upload;
    }

    Set<Fault> faults() {
        return EnumSet.complementOf(EnumSet.of(Fault.MISSING_CLASS));
    }

    /** How many calls pass unharmed; those of a body are all its own. */
    int callsBefore() {
        return isOfOneMessage() ? 0 : 10;
    }

    boolean isOfOneMessage() {
        return upload == Upload.NONE || body(null, new byte[100]) != null;
    }

    /** Before the component starts. */
    void prepare(CamelContext context, Trap trap) {}

    /** Of the client, or null. */
    ClientListener listener(Trap trap) {
        return null;
    }

    /** The body that meets the trap, or null where others do. */
    Object body(Trap trap, byte[] bytes) {
        return null;
    }

    Map<String, Object> headers(Trap trap) {
        return Map.of();
    }

    /** Of the endpoints of all uploads. */
    String optionsOfAll() {
        return "";
    }

    /** Of the endpoint that uploads that body. */
    String options() {
        return "";
    }
}
