// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.springboot;

import io.github.camelviamdata.ViamDataComponent;
import io.github.camelviamdata.ViamDataConstants;
import io.github.camelviamdata.server.ViamDataServerComponent;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.spi.ComponentCustomizer;
import org.apache.camel.spring.boot.CamelAutoConfiguration;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.spring.boot.util.HierarchicalPropertiesEvaluator;
import org.apache.camel.support.PropertyBindingSupport;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * Binds the properties {@code camel.component.NAME.*} of a Spring Boot application to the components named {@code viamdata} and
 * {@code viamdata-server}, by the rules of Camel Main: placeholders, references to beans such as {@code #tls}, and no start with
 * an unknown option. As with Camel's own starters, {@code camel.component.NAME.enabled=false} and
 * {@code camel.component.NAME.customizer.enabled=false} turn this off.
 */
@AutoConfiguration(after = CamelAutoConfiguration.class)
@ConditionalOnClass(CamelAutoConfiguration.class)
@ConditionalOnBean(CamelContext.class)
public class ViamDataAutoConfiguration {

    private static final Pattern METHOD_PARAMETERS = Pattern.compile("(?i)method[.-]?parameters\\.(.+)");

    @Bean
    ComponentCustomizer viamDataCustomizer(CamelContext context, Environment environment) {
        return new ComponentCustomizer() {
            @Override
            public boolean isEnabled(String name, Component component) {
                return component instanceof ViamDataComponent && name.equals(ViamDataConstants.SCHEME)
                        || component instanceof ViamDataServerComponent && name.equals(ViamDataConstants.SERVER_SCHEME);
            }

            @Override
            public void configure(String name, Component component) {
                bind(context, component, "camel.component." + name + ".", options(environment, name));
            }
        };
    }

    /** Creates the components at the start, so that wrong properties fail then: Camel creates them at their first use. */
    @Bean
    CamelContextConfiguration viamDataComponents(Environment environment) {
        return new CamelContextConfiguration() {
            @Override
            public void beforeApplicationStart(CamelContext context) {
                for (String name : List.of(ViamDataConstants.SCHEME, ViamDataConstants.SERVER_SCHEME)) {
                    if (!options(environment, name).isEmpty()) {
                        context.getComponent(name);
                    }
                }
            }

            @Override
            public void afterApplicationStart(CamelContext context) {}
        };
    }

    private static Map<String, Object> options(Environment environment, String name) {
        String own = "camel.component." + name;
        if (!HierarchicalPropertiesEvaluator.evaluate(environment, "camel.component", own)
                || !HierarchicalPropertiesEvaluator.evaluate(
                        environment, "camel.component.customizer", own + ".customizer")) {
            return Map.of();
        }
        Map<String, String> properties = Binder.get(environment)
                .bind(own, Bindable.mapOf(String.class, String.class))
                .orElse(Map.of());
        Map<String, Object> options = new LinkedHashMap<>(properties);
        options.remove("enabled");
        options.remove("customizer.enabled");
        return options;
    }

    private static void bind(CamelContext context, Component component, String prefix, Map<String, Object> options) {
        Map<String, Object> unbound = new HashMap<>();
        // The sources of properties come in the order of their precedence.
        options.forEach((key, value) -> unbound.putIfAbsent(camelName(key), value));
        PropertyBindingSupport.build()
                .withConfigurer(component.getComponentPropertyConfigurer())
                .withIgnoreCase(true)
                .withRemoveParameters(true)
                .bind(context, component, unbound);
        if (!unbound.isEmpty()) {
            // Without their values: one of them may be a secret whose name is misspelt.
            throw new IllegalArgumentException(options.keySet().stream()
                    .filter(key -> unbound.containsKey(camelName(key)))
                    .collect(Collectors.joining(", " + prefix, "Unknown options: " + prefix, "")));
        }
    }

    /** One name for the forms that Spring has: {@code api-key}, {@code apiKey}, and {@code api.key} from the environment. */
    private static String camelName(String key) {
        Matcher multiValue = METHOD_PARAMETERS.matcher(key);
        return multiValue.matches()
                ? "methodParameters[" + multiValue.group(1) + "]"
                : key.replaceAll("[.-]", "").toLowerCase(Locale.ROOT);
    }
}
