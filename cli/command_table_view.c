#include "cli/command_table.h"

static const struct command commands[] = {
    { "view", "view", OUTPUT_MANY, NULL, NULL,
      PARAMETERS(MAYBE_WORD("indicator", "INDICATOR", N_("one indicator, broken down")), OF_PLACE,
                 TEXT("level", "department|province|district", N_("a row for each")),
                 TEXT("period", "YYYY-MM", N_("the month; the latest if not said")),
                 LIST("by", "A,B", N_("break down by sex, language ...")),
                 TEXT("rules", "NAME", N_("by this edition of the rules")), AS_OF,
                 FLAG("successors", N_("places that moved under their code of today")),
                 FLAG("trace", N_("the signed records behind it"))),
      N_("the indicators"), "view i02a --level province --period 2026-09" },
    { "view sources", "view.sources", OUTPUT_MANY, NULL, NULL,
      PARAMETERS(TEXT("period", "YYYY-MM",
                      N_("the last of the twelve months; the last that ended if not said"))),
      N_("how complete and timely each source is"), "view sources" },
    { "reference import", "reference.import", OUTPUT_ONE, cmd_import, NULL,
      PARAMETERS(WORD("name", "NAME",
                      N_("the table: ubigeo, who-lhfa, who-wfa, who-bmifa, who-hcfa, who-acfa, "
                         "who-wfl, who-wfh, schedule-rules, his-codes, products, indicators")),
                 LOCAL_WORD("file", "FILE", N_("a CSV file, or - for standard input")),
                 TEXT("edition", "TEXT", N_("of a growth standard: its edition; 2006 if not said")),
                 TEXT("licence", "TEXT", N_("likewise, its licence; that of WHO's if not said"))),
      N_("load a reference table into the federation"), "reference import ubigeo ubigeo.csv" },
    { "reference list", "reference.list", OUTPUT_MANY, NULL, NULL, NOTHING,
      N_("list the reference tables that are loaded"), "reference list" },
    { 0 },
};

const struct command_group view_group = { N_("the national view"), commands };
