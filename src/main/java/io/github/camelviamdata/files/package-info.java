// Copyright the camel-viamdata authors. SPDX-License-Identifier: Apache-2.0

/** What files and folders of this process need, whatever is in them. It knows no other room. Nothing is null but what says so. */
package io.github.camelviamdata.files;
