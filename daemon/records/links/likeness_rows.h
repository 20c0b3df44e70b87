#ifndef AYNI_DAEMON_RECORDS_LIKENESS_ROWS_H
#define AYNI_DAEMON_RECORDS_LIKENESS_ROWS_H

#include "daemon/records/links/likeness.h"
#include "daemon/records/projection/puts.h"
#include "daemon/records/reader.h"

/*
 * By what children are found who may be one: rows of RECORDS_TABLE_LIKENESS,
 * which follow from what one record folds to, with all values that survive.
 *
 *   1  hash of the names u64, day of birth u32, record key       of a child
 *   2  day u32, sex and district u64, letters u32, record key    of a child: names near its own
 *   3  person 16, record key                                     of a guardian link
 *   4  mother 16, record key                                     of a birth
 *   0  record key -> the rows above, without the record key, each with its size before it
 *
 * A day is counted from the first of year 1.
 */
enum likeness_row {
    LIKENESS_ROW_HELD,
    LIKENESS_ROW_NAME,
    LIKENESS_ROW_PLACE,
    LIKENESS_ROW_PERSON,
    LIKENESS_ROW_MOTHER,
};
enum {
    LIKENESS_NAME_HEAD_SIZE = 1 + 8,
    LIKENESS_NAME_ROW_SIZE = LIKENESS_NAME_HEAD_SIZE + 4,
    LIKENESS_PLACE_HEAD_SIZE = 1 + 4 + 8,
    LIKENESS_PLACE_ROW_SIZE = LIKENESS_PLACE_HEAD_SIZE + 4,
    LIKENESS_PERSON_ROW_SIZE = 1 + 16,
};

/* Rows without the record key behind them. */
void likeness_name_row(uint64_t hash, int64_t day, uint8_t to[LIKENESS_NAME_ROW_SIZE]);
void likeness_place_row(int64_t day, uint64_t sex, uint64_t district, uint32_t letters,
                        uint8_t to[LIKENESS_PLACE_ROW_SIZE]);
void likeness_person_row(const struct ayni_record *person, uint8_t to[LIKENESS_PERSON_ROW_SIZE]);
void likeness_mother_row(const struct ayni_record *mother, uint8_t to[LIKENESS_PERSON_ROW_SIZE]);
/* The day of a name's row, the letters of a place's. */
int64_t likeness_name_row_day(struct ayni_bytes key);
uint32_t likeness_place_row_letters(struct ayni_bytes key);

/* What is to be put and taken away so that the rows of a record are those of its state; `fresh`:
 * there are none yet. Records of other types have none. */
AYNI_CHECKED enum ayni_status likeness_rows_renew(struct views_snapshot *views,
                                                  const struct record_state *state, bool fresh,
                                                  struct puts *rows);
/* Nothing of the record is left. */
AYNI_CHECKED enum ayni_status likeness_rows_drop(struct views_snapshot *views,
                                                 const struct record_key *key, struct puts *rows);

#endif
