#ifndef AYNI_CLI_VOLUME_FILES_H
#define AYNI_CLI_VOLUME_FILES_H

#include <stdio.h>

#include "cli/failure.h"

/*
 * The files of a bundle: FILE, or FILE.001, FILE.002 ... where it is cut to
 * volumes. While they are written their names end in `.partial`; they get
 * theirs when all are whole and on the disk.
 */
struct volume_writer {
    const char *path; /* borrowed */
    bool numbered;
    int file;
    uint32_t volume; /* that is open; 0: none */
    uint32_t count;  /* that were begun */
};

/* The next bytes of a volume. AYNI_E_FULL, AYNI_E_IO, in words. */
AYNI_CHECKED enum ayni_status volume_writer_put(struct volume_writer *writer, uint32_t volume,
                                                struct ayni_bytes bytes, struct failure *failure);
/* All is written: the files get their names; volumes past the last that an older bundle of the name
 * had are removed. */
AYNI_CHECKED enum ayni_status volume_writer_end(struct volume_writer *writer,
                                                struct failure *failure);
/* Removes what wasn't finished. */
void volume_writer_discard(struct volume_writer *writer);

/* FILE, `-` for standard input; or, where there is no such file, its volumes one after the other.
 */
struct volume_reader {
    const char *path; /* borrowed */
    bool numbered;
    FILE *file;      /* NULL: all were read */
    uint32_t volume; /* that is open; 0 where there is but one file */
    uint64_t size;   /* of all, for the progress; 0: not known */
};

/* AYNI_E_USAGE: none of them can be read. */
AYNI_CHECKED enum ayni_status volume_reader_open(const char *path, struct volume_reader *reader,
                                                 struct failure *failure);
/* The next data frame, or the end of the data. */
AYNI_CHECKED enum ayni_status volume_reader_next(struct volume_reader *reader,
                                                 struct ayni_buffer *frame,
                                                 struct failure *failure);
void volume_reader_close(struct volume_reader *reader);

#endif
