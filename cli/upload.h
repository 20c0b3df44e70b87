#ifndef AYNI_CLI_UPLOAD_H
#define AYNI_CLI_UPLOAD_H

#include "cli/csv.h"
#include "proto/control.h"

/*
 * A CSV file on its way to the daemon: its header goes with the request, its
 * rows in chunks whenever the daemon asks. docs/protocol.md, section 8.3.
 */
struct upload {
    struct csv_file *file;
    const char *name;          /* of the file, without its folder; borrowed */
    struct ayni_buffer header; /* an encoded list of texts */
    size_t header_count;
    bool was_rejected; /* a rejects file that comes back: its last three columns are ours, and left
                          out */
    uint64_t row_count;
};

AYNI_CHECKED enum ayni_status upload_open(const char *path, struct csv_form form,
                                          struct upload *upload, struct failure *failure);
void upload_close(struct upload *upload);
#define SCOPED_UPLOAD __attribute__((cleanup(upload_close))) struct upload

/* "header", "file" and "rows" into the open object of arguments. */
void upload_put(const struct upload *upload, struct ayni_control_writer *to);
/* The next data frame, or the end of the data. */
AYNI_CHECKED enum ayni_status upload_next(struct upload *upload, struct ayni_buffer *frame,
                                          struct failure *failure);

#endif
