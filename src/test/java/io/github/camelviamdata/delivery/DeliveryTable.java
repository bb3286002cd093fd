// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.delivery;

import io.github.camelviamdata.ViamDataDelivery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The table of the reference page that says, for each way of failing, which exception there is and where the data is. */
final class DeliveryTable {

    private static final Path PAGE = Path.of("src/main/docs/viamdata-failures.adoc");
    private static final String START = "// delivery table: start";
    private static final String END = "// delivery table: end";
    private static final Pattern LITERAL = Pattern.compile("`([^`]+)`");

    /** Of gRPC or HTTP. */
    private static final Pattern CODE = Pattern.compile("`([A-Z_]{5,}|[45]\\d\\d)`");

    /** How the bytes travel. */
    enum Mode {
        unary,
        stream
    }

    /** How much of the data the service has seen. */
    enum Arrived {
        nothing,
        part,
        all
    }

    /**
     * One case.
     *
     * @param failure what happens, as the first cell says without the codes, such as {@code The proxy answers with HTTP}
     * @param code gRPC status or HTTP status that the first cell names, or the empty text
     * @param exception simple name of the class, or the empty text for none
     * @param text what the message of the exception contains, or the empty text
     */
    record Row(
            String failure,
            String code,
            Mode mode,
            String exception,
            String text,
            ViamDataDelivery delivery,
            Arrived arrived) {

        @Override
        public String toString() {
            return (failure + " " + code).strip() + ", " + mode;
        }
    }

    private DeliveryTable() {}

    /** Each line of the table, once for each code and for each way to send that it names. */
    static List<Row> rows() throws IOException {
        String page = Files.readString(PAGE);
        String table = page.substring(page.indexOf(START) + START.length(), page.indexOf(END));
        String body = table.substring(table.indexOf("|===") + 4, table.lastIndexOf("|==="));
        List<Row> rows = new ArrayList<>();
        String[] groups = body.strip().split("\n\\s*\n");
        // The first one is the head.
        for (int i = 1; i < groups.length; i++) {
            List<String> cells = Stream.of(groups[i].split("(?m)^\\| ?"))
                    .skip(1)
                    .map(cell -> cell.replace('\n', ' ').strip())
                    .toList();
            if (cells.size() != 6) {
                throw new IllegalArgumentException("The delivery table has a row that is no row: " + groups[i]);
            }
            rows.addAll(expand(cells));
        }
        return rows;
    }

    private static List<Row> expand(List<String> cells) {
        String failure =
                cells.get(0).replaceAll("(,| and)? *" + CODE.pattern(), "").strip();
        List<String> codes = CODE.matcher(cells.get(0))
                .results()
                .map(match -> match.group(1))
                .toList();
        List<Row> rows = new ArrayList<>();
        for (String code : codes.isEmpty() ? List.of("") : codes) {
            for (String mode : cells.get(1).split(", ")) {
                rows.add(new Row(
                        failure,
                        code,
                        Mode.valueOf(mode),
                        literal(cells.get(2)),
                        literal(cells.get(3)),
                        ViamDataDelivery.valueOf(literal(cells.get(4))),
                        Arrived.valueOf(cells.get(5))));
            }
        }
        return rows;
    }

    private static String literal(String cell) {
        return LITERAL.matcher(cell)
                .results()
                .map(match -> match.group(1))
                .findFirst()
                .orElse("");
    }
}
