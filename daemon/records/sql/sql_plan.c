#include "daemon/records/sql/sql_plan.h"

/* Parts with an argument, and columns of which SQLite tells one by one whether they are used. */
enum { PARTS = 12, COLUMNS_TOLD = 63 };

/* What one record of the index costs beside looking at one, and finding it; those of one subject
 * and type. */
#define INDEX_COST 0.05
enum { OF_A_SUBJECT = 20, FINDING = 2 };

/* Which share of the records a part leaves, about. */
static const struct {
    int part;
    double share;
} shares[] = { { SQL_PLACE_IS, 0.005 }, { SQL_PLACE_LIKE, 0.05 }, { SQL_PLACE_FROM, 0.3 },
               { SQL_PLACE_TO, 0.3 },   { SQL_DATE_IS, 0.002 },   { SQL_DATE_LIKE, 0.03 },
               { SQL_DATE_FROM, 0.2 },  { SQL_DATE_TO, 0.2 } };

/* --- constraints --- */

static int part_of_range(unsigned char op, int is, int like, int from, int to)
{
    switch (op) {
    case SQLITE_INDEX_CONSTRAINT_EQ:
        return is;
    case SQLITE_INDEX_CONSTRAINT_LIKE:
        return like;
    case SQLITE_INDEX_CONSTRAINT_GT:
    case SQLITE_INDEX_CONSTRAINT_GE:
        return from;
    case SQLITE_INDEX_CONSTRAINT_LT:
    case SQLITE_INDEX_CONSTRAINT_LE:
        return to;
    default:
        return 0;
    }
}

/* What a test of a column is good for; it must compare bytes. 0: nothing. */
static int part_of(const struct sql_plan_columns *columns, sqlite3_index_info *info, int index)
{
    const struct sqlite3_index_constraint *constraint = &info->aConstraint[index];
    int column = constraint->iColumn;

    if (!constraint->usable || column < 0)
        return 0;
    if (constraint->op != SQLITE_INDEX_CONSTRAINT_LIKE &&
        sqlite3_stricmp(sqlite3_vtab_collation(info, index), "BINARY") != 0)
        return 0;
    if (columns->indexed && column == columns->place)
        return part_of_range(constraint->op, SQL_PLACE_IS, SQL_PLACE_LIKE, SQL_PLACE_FROM,
                             SQL_PLACE_TO);
    if (columns->indexed && column == columns->date)
        return part_of_range(constraint->op, SQL_DATE_IS, SQL_DATE_LIKE, SQL_DATE_FROM,
                             SQL_DATE_TO);
    if (constraint->op != SQLITE_INDEX_CONSTRAINT_EQ)
        return 0;
    if (column == columns->id)
        return SQL_BY_ID;
    if (column == columns->space)
        return SQL_IN_SPACE;
    if (column == columns->child)
        return SQL_BY_CHILD;
    return column == columns->subject ? SQL_BY_SUBJECT : 0;
}

/* Whether nothing is asked of the records but what the index has. */
static bool is_covered(const struct sql_plan_columns *columns, const sqlite3_index_info *info)
{
    sqlite3_uint64 known = (sqlite3_uint64)1 << columns->space;

    if (columns->place >= 0 && columns->place < COLUMNS_TOLD)
        known |= (sqlite3_uint64)1 << columns->place;
    if (columns->date >= 0 && columns->date < COLUMNS_TOLD)
        known |= (sqlite3_uint64)1 << columns->date;
    return columns->indexed && (info->colUsed & ~known) == 0;
}

/* --- the plan --- */

/* Whether they are wanted in the order of their places, in which only the indexes have them. */
static bool wants_places(const struct sql_plan_columns *columns, const sqlite3_index_info *info)
{
    return columns->by_place && columns->place >= 0 && info->nOrderBy == 1 &&
           !info->aOrderBy[0].desc && info->aOrderBy[0].iColumn == columns->place;
}

/* One record, or few of one subject, are found by that; else places and times, if any. */
static int choose_parts(const struct sql_plan_columns *columns, const sqlite3_index_info *info,
                        int possible)
{
    bool covered = is_covered(columns, info);

    if (possible & SQL_BY_ID)
        return possible & (SQL_BY_ID | SQL_IN_SPACE);
    if (possible & SQL_BY_SUBJECT)
        return possible & (SQL_BY_SUBJECT | SQL_IN_SPACE);
    if (possible & SQL_BY_CHILD)
        return possible & (SQL_BY_CHILD | SQL_IN_SPACE);
    if ((possible & (SQL_PLAN_PLACE | SQL_PLAN_DATE)) != 0 || covered ||
        wants_places(columns, info))
        possible |= SQL_BY_OCCASION | (covered ? SQL_INDEX_ALONE : 0);
    return possible;
}

static double rows_of(const struct sql_plan_columns *columns, int plan)
{
    double rows = (double)columns->count + 1;

    if (plan & SQL_BY_ID)
        return 1;
    if (plan & (SQL_BY_SUBJECT | SQL_BY_CHILD))
        return rows > OF_A_SUBJECT ? OF_A_SUBJECT : rows;
    for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++)
        if (plan & shares[i].part)
            rows *= shares[i].share;
    return rows < 1 ? 1 : rows;
}

static double cost_of(const struct sql_plan_columns *columns, int plan, double rows)
{
    double looked_at = plan & SQL_IN_SPACE ? rows / 2 : rows;

    if (plan & SQL_INDEX_ALONE)
        return looked_at * INDEX_COST + FINDING;
    if (plan & SQL_BY_OCCASION) /* each is found in the log, and folded */
        return looked_at + (double)columns->count * INDEX_COST / 100 + FINDING;
    return looked_at + (plan == 0 ? 0 : FINDING);
}

/* What EXPLAIN QUERY PLAN says, to be freed by SQLite. */
static char *words_of(const struct sql_plan_columns *columns, int plan)
{
    bool place = (plan & SQL_PLAN_PLACE) != 0, date = (plan & SQL_PLAN_DATE) != 0;
    const char *in = plan & SQL_IN_SPACE ? " in one space" : "";
    const char *alone = plan & SQL_INDEX_ALONE ? ", out of the index alone" : "";

    if (plan & SQL_BY_ID)
        return sqlite3_mprintf("by _id%s", in);
    if (plan & SQL_BY_SUBJECT)
        return sqlite3_mprintf("by subject%s", in);
    if (plan & SQL_BY_CHILD)
        return sqlite3_mprintf("by child%s", in);
    if (place || date)
        return sqlite3_mprintf("by %s%s%s%s%s", place ? columns->place_name : "",
                               place && date ? " and " : "", date ? columns->date_name : "", in,
                               alone);
    bool by_place = (plan & SQL_BY_OCCASION) != 0 && (plan & SQL_INDEX_ALONE) == 0;
    return sqlite3_mprintf("%s%s%s%s", plan & SQL_IN_SPACE ? "one space" : "all records",
                           by_place ? ", by " : "", by_place ? columns->place_name : "", alone);
}

/* By key, as walks are; or by place, as the index is. */
static bool is_in_order(const struct sql_plan_columns *columns, int plan,
                        const sqlite3_index_info *info)
{
    if (plan & SQL_BY_OCCASION)
        return wants_places(columns, info);
    return info->nOrderBy == 1 && !info->aOrderBy[0].desc &&
           info->aOrderBy[0].iColumn == columns->key;
}

int sql_plan_choose(const struct sql_plan_columns *columns, sqlite3_index_info *info)
{
    int chosen[PARTS] = { 0 }; /* by part: the constraint + 1 */
    int possible = 0, arguments = 0;

    for (int i = 0; i < info->nConstraint; i++) {
        int part = part_of(columns, info, i);
        for (int bit = 0; bit < PARTS; bit++)
            if (part == 1 << bit && chosen[bit] == 0)
                chosen[bit] = i + 1;
        possible |= part;
    }
    int plan = choose_parts(columns, info, possible);
    for (int bit = 0; bit < PARTS; bit++)
        if (plan & 1 << bit)
            info->aConstraintUsage[chosen[bit] - 1].argvIndex = ++arguments;
    double rows = rows_of(columns, plan);
    info->idxNum = plan;
    info->idxStr = words_of(columns, plan);
    info->needToFreeIdxStr = 1;
    info->orderByConsumed = is_in_order(columns, plan, info);
    info->estimatedRows = (sqlite3_int64)rows;
    info->estimatedCost = cost_of(columns, plan, rows);
    return info->idxStr == NULL ? SQLITE_NOMEM : SQLITE_OK;
}
