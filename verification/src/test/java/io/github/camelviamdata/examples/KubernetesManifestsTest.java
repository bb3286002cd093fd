// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The manifests of the examples, without a cluster: that Kubernetes has their fields, and that they fit the example. */
class KubernetesManifestsTest {

    private static final Path EXAMPLE = Path.of("examples/gateway");

    @Test
    void probesThePortOfTheGatewayAndGivesItTimeToStop() throws Exception {
        List<Object> resources = resources(EXAMPLE.resolve("kubernetes.yaml"));
        Deployment deployment = kubernetesObject(resources.get(0), Deployment.class);
        Service service = kubernetesObject(resources.get(1), Service.class);
        PodSpec pod = deployment.getSpec().getTemplate().getSpec();
        Container container = pod.getContainers().get(0);
        Properties settings = new Properties();
        try (Reader reader = Files.newBufferedReader(EXAMPLE.resolve("application.properties"))) {
            settings.load(reader);
        }
        int port = Integer.parseInt(settings.getProperty("gateway.port"));

        assertThat(container.getPorts().get(0).getContainerPort()).isEqualTo(port);
        assertThat(container.getReadinessProbe().getGrpc().getPort()).isEqualTo(port);
        assertThat(container.getLivenessProbe().getGrpc().getPort()).isEqualTo(port);
        // preStop, Camel's timeout, and the default of shutdownTimeout.
        assertThat(pod.getTerminationGracePeriodSeconds())
                .isGreaterThanOrEqualTo(
                        10 + Integer.parseInt(settings.getProperty("camel.main.shutdown-timeout")) + 30);
        Map<String, String> labels =
                deployment.getSpec().getTemplate().getMetadata().getLabels();
        assertThat(deployment.getSpec().getSelector().getMatchLabels()).isEqualTo(labels);
        assertThat(service.getSpec().getSelector()).isEqualTo(labels);
        assertThat(container.getPorts().get(0).getName())
                .isEqualTo(service.getSpec().getPorts().get(0).getTargetPort().getStrVal());
        assertThat(container.getVolumeMounts())
                .allSatisfy(mount -> assertThat(pod.getVolumes())
                        .anyMatch(volume -> volume.getName().equals(mount.getName())));
    }

    @Test
    void theSecretOfCamelKIsASecret() throws Exception {
        Secret secret = kubernetesObject(
                resources(Path.of("examples/camel-k/secret.yaml")).get(0), Secret.class);

        assertThat(secret.getStringData()).isNotEmpty();
    }

    private static List<Object> resources(Path manifest) throws IOException {
        List<Object> resources = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(Files.readString(manifest))
                .forEach(resources::add);
        return resources;
    }

    /** Fails at a field that this kind of object does not have, and at a value of another type. */
    private static <T extends HasMetadata> T kubernetesObject(Object yaml, Class<T> kind) throws Exception {
        T object = JsonMapper.builder()
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .annotationIntrospector(new JacksonAnnotationIntrospector() {
                    // With it, unknown fields would be kept aside.
                    @Override
                    public Boolean hasAnySetter(Annotated annotated) {
                        return false;
                    }
                })
                .build()
                .convertValue(yaml, kind);
        assertThat(object.getApiVersion() + object.getKind())
                .isEqualTo(HasMetadata.getApiVersion(kind) + HasMetadata.getKind(kind));
        return object;
    }
}
