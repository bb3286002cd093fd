// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0
package io.github.camelviamdata.benchmark;

/** A section of the page: measures, and writes what it saw. */
interface Part {

    void run(Section section) throws Exception;
}
