// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.once;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A table and its keys. */
class NoteTableTest {

    /** Few different keys, so that many share a slot, come again and are removed. */
    @Test
    void isTheMapThatItReplaces() {
        Random random = new Random(21);
        NoteTable table = new NoteTable();
        Map<NoteKey, Long> map = new HashMap<>();
        for (int i = 1; i <= 200_000; i++) {
            NoteKey key = new NoteKey(random.nextInt(3), (long) random.nextInt(2_000) << 40);
            long place = random.nextInt(3) == 0 ? NoteTable.NONE : i;
            Long before = place == NoteTable.NONE ? map.remove(key) : map.put(key, place);
            assertThat(table.put(key, place)).isEqualTo(before == null ? NoteTable.NONE : before);
        }
        map.forEach((key, place) -> assertThat(table.get(key)).isEqualTo(place));
        assertThat(map).hasSizeGreaterThan(3_000);
        table.clear();
        assertThat(table.get(map.keySet().iterator().next())).isEqualTo(NoteTable.NONE);
    }

    @Test
    void aKeyIsItsText() {
        Random random = new Random(22);
        for (int i = 0; i < 1_000; i++) {
            NoteKey key = new NoteKey(random.nextLong(), random.nextLong());
            assertThat(key.toString()).matches("[a-z2-7]{26}");
            assertThat(NoteKey.parse(key.toString())).isEqualTo(key);
        }
        assertThat(new NoteKey(0, 0)).hasToString("a".repeat(26));
        assertThat(new NoteKey(-1, -1)).hasToString("7".repeat(25) + "4");
    }
}
