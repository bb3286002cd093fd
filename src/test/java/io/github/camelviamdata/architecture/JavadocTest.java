// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePathScanner;
import io.github.camelviamdata.ViamDataComponent;
import io.github.camelviamdata.ViamDataConfiguration;
import io.github.camelviamdata.server.ViamDataServerComponent;
import io.github.camelviamdata.server.ViamDataServerEndpoint;
import java.beans.Introspector;
import java.beans.PropertyDescriptor;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What those who configure the component in Java have to know stands where they look. */
class JavadocTest {

    static Stream<Object> configurations() {
        return Stream.of(
                new ViamDataConfiguration(),
                new ViamDataComponent(),
                new ViamDataServerComponent(),
                new ViamDataServerEndpoint("viamdata-server:localhost:0", new ViamDataServerComponent()));
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("configurations")
    void eachSetterSaysTheDefault(Object configuration) throws Exception {
        Map<String, String> javadoc = javadocOfSetters(configuration.getClass());
        Map<String, String> defaults = defaults(configuration, javadoc.keySet());

        assertThat(defaults).hasSameSizeAs(javadoc).isNotEmpty();
        assertThat(defaults.entrySet())
                .allSatisfy(option -> assertThat(javadoc.get(option.getKey())).contains(option.getValue()));
    }

    @Test
    void eachComponentOfAPublicRecordIsDescribed() throws IOException {
        List<String> without = new ArrayList<>();
        List<String> records = new ArrayList<>();
        for (Path file : JavaSource.files()) {
            JavaSource source = JavaSource.read(file);
            new TreePathScanner<Void, Boolean>() {
                @Override
                public Void visitClass(ClassTree type, Boolean ofInterface) {
                    boolean isPublic =
                            ofInterface || type.getModifiers().getFlags().contains(Modifier.PUBLIC);
                    if (isPublic && type.getKind() == Tree.Kind.RECORD) {
                        records.add(type.getSimpleName().toString());
                        components(type)
                                .filter(name -> !isDescribed(name, source.javadoc(getCurrentPath())))
                                .forEach(name -> without.add(type.getSimpleName() + "." + name));
                    }
                    return isPublic ? super.visitClass(type, type.getKind() == Tree.Kind.INTERFACE) : null;
                }
            }.scan(source.unit(), false);
        }

        assertThat(without).isEmpty();
        assertThat(records).contains("UploadSettings", "BoundingBox", "UploadEnd");
    }

    private static Stream<String> components(ClassTree type) {
        return type.getMembers().stream()
                .filter(VariableTree.class::isInstance)
                .map(VariableTree.class::cast)
                .filter(field -> !field.getModifiers().getFlags().contains(Modifier.STATIC))
                .map(field -> field.getName().toString());
    }

    private static boolean isDescribed(String component, DocCommentTree javadoc) {
        return javadoc != null
                && javadoc.getBlockTags().stream()
                        .anyMatch(tag -> tag instanceof ParamTree param
                                && param.getName().toString().equals(component)
                                && !param.getDescription().isEmpty());
    }

    /** By the name of the option; an empty text where there is none. */
    private static Map<String, String> javadocOfSetters(Class<?> type) throws IOException {
        JavaSource source = JavaSource.of(type);
        Map<String, String> javadoc = new TreeMap<>();
        new TreePathScanner<Void, Void>() {
            @Override
            public Void visitMethod(MethodTree method, Void unused) {
                String name = method.getName().toString();
                if (name.startsWith("set") && method.getModifiers().getFlags().contains(Modifier.PUBLIC)) {
                    DocCommentTree comment = source.javadoc(getCurrentPath());
                    javadoc.put(
                            Introspector.decapitalize(name.substring(3)), comment == null ? "" : comment.toString());
                }
                return null;
            }
        }.scan(source.unit(), null);
        return javadoc;
    }

    /** What a setter has to say: the value of the getter as long as nothing is set. */
    private static Map<String, String> defaults(Object configuration, Iterable<String> options) throws Exception {
        Map<String, PropertyDescriptor> properties = new HashMap<>();
        for (PropertyDescriptor property :
                Introspector.getBeanInfo(configuration.getClass()).getPropertyDescriptors()) {
            properties.put(property.getName(), property);
        }
        Map<String, String> defaults = new TreeMap<>();
        for (String option : options) {
            defaults.put(option, said(option, value(configuration, properties.get(option))));
        }
        return defaults;
    }

    private static Object value(Object configuration, PropertyDescriptor property)
            throws IllegalAccessException, InvocationTargetException {
        return property.getReadMethod().invoke(configuration);
    }

    private static String said(String option, Object value) {
        if (List.of("host", "port").contains(option) && (value == null || value.equals(0))) {
            return "mandatory";
        } else if (value instanceof ViamDataConfiguration) {
            return "Default the defaults of each option";
        } else if (value instanceof String || value instanceof Enum<?>) {
            return "Default {@code " + value + "}";
        }
        return "Default " + (Long.valueOf(Long.MAX_VALUE).equals(value) ? "{@link Long#MAX_VALUE}" : value);
    }
}
