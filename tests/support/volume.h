#ifndef AYNI_TESTS_SUPPORT_VOLUME_H
#define AYNI_TESTS_SUPPORT_VOLUME_H

#include "proto/bundle_volume.h"

/*
 * A volume of a bundle from node 1 to node 2 (tests/support/federation.h), in
 * memory and the same in every run: its chunks aren't compressed.
 */
struct test_volume {
    struct ayni_bundle_head head;
    struct ayni_bundle_key key;
    struct ayni_hash sum;
    uint64_t chunks;
    struct ayni_buffer head_bytes, bytes;
};

/* All of it by hand: the head, any number of chunks of items or of frames of Zstandard, the end. */
void test_volume_begin(struct test_volume *volume, uint32_t number);
void test_volume_chunk(struct test_volume *volume, struct ayni_bytes items);
void test_volume_packed(struct test_volume *volume, struct ayni_bytes packed);
void test_volume_end(struct test_volume *volume, uint32_t volumes);
void test_volume_free(struct test_volume *volume);
#define SCOPED_TEST_VOLUME __attribute__((cleanup(test_volume_free))) struct test_volume

/* A Zstandard frame (RFC 8878) of one block that isn't compressed; up to 64 KiB. */
void test_stored_frame(struct ayni_bytes plain, struct ayni_buffer *to);

/* Items of each type that there is: contents, heads, and a run of node 1 in space 1. */
void test_items(struct ayni_buffer *to);

/* Bytes in memory as a source. */
struct test_memory {
    struct ayni_bytes bytes;
    size_t position;
};
struct ayni_bundle_source test_memory_source(struct test_memory *memory);

#endif
