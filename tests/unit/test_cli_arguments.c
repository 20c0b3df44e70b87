#include "cli/arguments.h"

#include "cli/examples.h"
#include "cli/language.h"
#include "cli/request.h"
#include "tests/support/suite.h"

#include <stdlib.h>

enum { WORDS_MAX = 12 };

/* A command line from behind the program's name, and what it comes to. */
struct parsed {
    const struct command *command;
    struct arguments arguments;
    struct settings settings;
    struct failure failure;
    bool help;
    char text[512];
    char *words[WORDS_MAX];
};

static enum ayni_status parse(struct parsed *parsed, const char *line)
{
    char *rest = NULL;
    int count = 0, used;

    *parsed = (struct parsed){ .settings = { .language = "en" } };
    snprintf(parsed->text, sizeof(parsed->text), "%s", line);
    for (char *word = strtok_r(parsed->text, " ", &rest); word != NULL && count < WORDS_MAX;
         word = strtok_r(NULL, " ", &rest))
        parsed->words[count++] = word;
    enum ayni_status status =
        command_find(parsed->words, count, &parsed->command, &used, &parsed->failure);
    if (status != AYNI_OK)
        return status;
    return arguments_parse(parsed->command, count - used + 1, parsed->words + used - 1,
                           &parsed->settings, &parsed->help, &parsed->arguments, &parsed->failure);
}

static void assert_value(const struct parsed *parsed, const char *name, const char *expected)
{
    const char *value = arguments_value(&parsed->arguments, name);
    if (expected == NULL) {
        ck_assert_ptr_null(value);
        return;
    }
    ck_assert_ptr_nonnull(value);
    ck_assert_str_eq(value, expected);
}

START_TEST(options_and_words_stand_in_any_order)
{
    static const char *const lines[] = {
        "import child f.csv --space s --dry-run",
        "import --space s child --dry-run f.csv",
        "import --dry-run --space=s -- child f.csv",
    };
    struct parsed parsed;

    ck_assert_int_eq(parse(&parsed, lines[_i]), AYNI_OK);
    assert_value(&parsed, "type", "child");
    assert_value(&parsed, "file", "f.csv");
    assert_value(&parsed, "space", "s");
    assert_value(&parsed, "dry_run", "");
    assert_value(&parsed, "map", NULL);
}
END_TEST

START_TEST(an_optional_word_gets_what_is_to_spare)
{
    struct parsed parsed;

    ck_assert_int_eq(parse(&parsed, "import f.csv --space s"), AYNI_OK);
    assert_value(&parsed, "type", NULL);
    assert_value(&parsed, "file", "f.csv");
}
END_TEST

START_TEST(global_options_may_stand_behind)
{
    struct parsed parsed;

    ck_assert_int_eq(parse(&parsed, "status --json --home /h"), AYNI_OK);
    ck_assert(parsed.settings.json);
    ck_assert_str_eq(parsed.settings.home, "/h");
}
END_TEST

START_TEST(a_name_of_two_words_goes_before_one_of_one)
{
    struct parsed parsed;

    ck_assert_int_eq(parse(&parsed, "view sources"), AYNI_OK);
    ck_assert_str_eq(parsed.command->name, "view sources");
    ck_assert_int_eq(parse(&parsed, "view i02a"), AYNI_OK);
    ck_assert_str_eq(parsed.command->name, "view");
    assert_value(&parsed, "indicator", "i02a");
}
END_TEST

static const struct {
    const char *line, *said, *hint; /* parts of the text and the hint */
} wrong[] = {
    { "staus", "staus", "status" },
    { "xyzzyplugh", "xyzzyplugh", "help" },
    { "member", "member", "add, list, revoke" },
    { "member ad x", "ad", "add, list, revoke" },
    { "get", "ID", "ayni get" },
    { "get a b", "b", "" },
    { "put child a=b", "--space", "ayni put" },
    { "put child --space s", "FIELD=VALUE", "" },
    { "put child --space s novalue", "novalue", "" },
    { "put child --space s Field=x", "Field=x", "" },
    { "put child --space s f@1", "f@1", "" },
    { "resolve x f@", "f@", "" },
    { "resolve x f@1x", "f@1x", "" },
    { "put child --spce s a=b", "--spce", "--space" },
    { "put child --space", "--space", "" },
    { "sync --wait=yes", "--wait", "" },
    { "sync --timeout soon", "soon", "" },
    { "sync --timeout -1", "-1", "" },
    { "sync --timeout 99999999999999999999", "99999999999999999999", "" },
    { "space grant s n writter", "writter", "writer" },
    { "space create s --class secret", "secret", "" },
    { "get \xff\xfe", "UTF-8", "" },
    { "status --lang de", "de", "" },
};

START_TEST(wrong_usage_is_told_with_what_would_be_right)
{
    struct parsed parsed;

    ck_assert_int_eq(parse(&parsed, wrong[_i].line), AYNI_E_USAGE);
    ck_assert_msg(strstr(parsed.failure.text, wrong[_i].said) != NULL, "%s", parsed.failure.text);
    ck_assert_msg(strstr(parsed.failure.hint, wrong[_i].hint) != NULL, "%s", parsed.failure.hint);
}
END_TEST

/* The object of arguments that a line makes. */
static struct ayni_control_value sent(struct parsed *parsed, const char *line,
                                      struct ayni_buffer *encoded)
{
    struct ayni_control_writer writer = ayni_control_writer(encoded);
    struct ayni_control_value object;

    ck_assert_int_eq(parse(parsed, line), AYNI_OK);
    ayni_control_open_object(&writer, NULL);
    request_put_arguments(&parsed->arguments, &parsed->settings, &writer);
    ayni_control_close(&writer);
    ck_assert_int_eq(ayni_control_value_decode(ayni_buffer_bytes(encoded), &object), AYNI_OK);
    return object;
}

static void assert_pair(struct ayni_control_cursor *cursor, const char *name, const char *value)
{
    struct ayni_control_value pair, part;

    ck_assert(ayni_control_next(cursor, NULL, &pair));
    struct ayni_control_cursor parts = ayni_control_cursor(&pair);
    ck_assert(ayni_control_next(&parts, NULL, &part));
    ck_assert(ayni_bytes_equal(part.bytes, ayni_bytes_of_text(name)));
    ck_assert(ayni_control_next(&parts, NULL, &part));
    ck_assert(ayni_bytes_equal(part.bytes, ayni_bytes_of_text(value)));
}

START_TEST(values_and_alternatives_are_sent_apart)
{
    SCOPED_BUFFER encoded = { 0 };
    struct parsed parsed;
    struct ayni_control_value list;
    struct ayni_control_value object =
        sent(&parsed, "resolve id a=1 b@2 c=x@3 d= --expect 2 --reason r", &encoded);

    ck_assert(ayni_control_find(&object, "fields", &list));
    struct ayni_control_cursor cursor = ayni_control_cursor(&list);
    ck_assert_uint_eq(ayni_control_count(&list), 3);
    assert_pair(&cursor, "a", "1");
    assert_pair(&cursor, "c", "x@3");
    assert_pair(&cursor, "d", "");
    ck_assert(ayni_control_find(&object, "alternatives", &list));
    cursor = ayni_control_cursor(&list);
    ck_assert_uint_eq(ayni_control_count(&list), 1);
    assert_pair(&cursor, "b", "2");
    ck_assert(ayni_control_find(&object, "expect", &list));
    ck_assert_int_eq(list.integer, 2);
    ck_assert(ayni_control_find(&object, "lang", &list));
}
END_TEST

START_TEST(lists_are_sent_as_lists)
{
    SCOPED_BUFFER encoded = { 0 };
    struct parsed parsed;
    struct ayni_control_value list;
    struct ayni_control_value object =
        sent(&parsed, "list child --columns a,b,,c, --order-by a", &encoded);

    ck_assert(ayni_control_find(&object, "columns", &list));
    ck_assert_uint_eq(ayni_control_count(&list), 3);
    ck_assert(ayni_control_find(&object, "order_by", &list));
    ck_assert(!ayni_control_find(&object, "limit", &list));
}
END_TEST

START_TEST(what_is_for_the_command_itself_is_not_sent)
{
    SCOPED_BUFFER encoded = { 0 };
    struct parsed parsed;
    struct ayni_control_value value;
    struct ayni_control_value object =
        sent(&parsed, "import f.csv --space s --map m --rejects r", &encoded);

    ck_assert(ayni_control_find(&object, "space", &value));
    ck_assert(!ayni_control_find(&object, "file", &value));
    ck_assert(!ayni_control_find(&object, "map", &value));
    ck_assert(!ayni_control_find(&object, "rejects", &value));
}
END_TEST

/* The table keeps what parsing relies on. */
START_TEST(the_table_is_consistent)
{
    struct command_walk walk = { 0 };

    for (const struct command *command; (command = command_next(&walk)) != NULL;) {
        size_t count = 0;
        ck_assert(command->request != NULL || command->run != NULL);
        ck_assert_ptr_nonnull(command->summary);
        ck_assert_int_eq(strncmp(command->example, command->name, strlen(command->name)), 0);
        for (; command->parameters[count].name != NULL; count++) {
            const struct parameter *parameter = &command->parameters[count];
            ck_assert_uint_lt(strlen(parameter->name), OPTION_NAME_SIZE);
            ck_assert(parameter->kind == PARAMETER_FLAG || parameter->value != NULL ||
                      parameter->help == NULL);
            for (size_t before = 0; before < count; before++)
                ck_assert_str_ne(command->parameters[before].name, parameter->name);
        }
        ck_assert_uint_le(count, ARGUMENTS_MAX);
    }
}
END_TEST

/* A line as a shell would cut it: words, which may be quoted, up to where it goes elsewhere. */
static int cut_line(char *line, char **words, int most)
{
    int count = 0;
    char *to = line;

    for (char *from = line; *from != '\0' && *from != '>';) {
        bool quoted = false;
        ck_assert_int_lt(count, most);
        words[count++] = to;
        for (; *from != '\0' && (quoted || *from != ' '); from++)
            if (*from == '"')
                quoted = !quoted;
            else
                *to++ = *from;
        ck_assert(!quoted);
        from += *from == ' ';
        *to++ = '\0';
    }
    return count;
}

static void check_example(const struct command *command, const char *example)
{
    char line[256], *words[24] = { (char[]){ "ayni" } };
    struct settings settings = { 0 };
    struct failure failure = { 0 };
    struct arguments arguments;
    const struct command *found;
    int used;
    bool help = false;

    ck_assert_uint_lt(strlen(example), sizeof(line));
    snprintf(line, sizeof(line), "%s", example);
    int count = cut_line(line, words + 1, 23);
    ck_assert_int_eq(command_find(words + 1, count, &found, &used, &failure), AYNI_OK);
    ck_assert(found == command || strcmp(command->name, "help") == 0);
    ck_assert_msg(arguments_parse(found, count - used + 1, words + used, &settings, &help,
                                  &arguments, &failure) == AYNI_OK,
                  "%s: %s", example, failure.text);
}

/* What stands there as an example is taken as it stands. */
START_TEST(examples_are_right)
{
    struct command_walk walk = { 0 };

    for (const struct command *command; (command = command_next(&walk)) != NULL;) {
        check_example(command, command->example);
        for (const char *const *more = examples_more(command); *more != NULL; more++) {
            ck_assert_str_ne(*more, command->example);
            check_example(command, *more);
        }
    }
}
END_TEST

/* The walk passes each command of each group once, and no name stands twice. */
START_TEST(each_command_is_in_one_group)
{
    struct command_walk walk = { 0 };
    size_t listed = 0, walked = 0;

    for (size_t i = 0; command_groups[i] != NULL; i++) {
        ck_assert_ptr_nonnull(command_groups[i]->title);
        ck_assert_ptr_nonnull(command_groups[i]->commands[0].name);
        for (size_t n = 0; command_groups[i]->commands[n].name != NULL; n++, listed++)
            continue;
    }
    for (const struct command *command; (command = command_next(&walk)) != NULL; walked++) {
        struct command_walk others = walk;
        for (const struct command *other; (other = command_next(&others)) != NULL;)
            ck_assert_str_ne(command->name, other->name);
    }
    ck_assert_uint_eq(walked, listed);
}
END_TEST

static const struct {
    const char *variable, *value, *language;
} locales[] = {
    { "LANG", "en_US.UTF-8", "en" },
    { "LANG", "es_PE.UTF-8", "es" },
    { "LANG", "C", "es" },
    { "LC_ALL", "POSIX", "es" },
    { "LANG", "fr_FR.UTF-8", "es" },
    { "LANGUAGE", "en", "en" },
    { "LC_MESSAGES", "en_GB", "en" },
    { "LANG", "", "es" },
    { "LANG", "enx", "es" },
    { "LANGUAGE", "en:es", "en" },
};

START_TEST(the_locale_says_the_language)
{
    static const char *const variables[] = { "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG" };

    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
        unsetenv(variables[i]);
    setenv(locales[_i].variable, locales[_i].value, 1);
    ck_assert_str_eq(language_choose(NULL), locales[_i].language);
    ck_assert_str_eq(language_choose("en"), "en");
    ck_assert_str_eq(language_choose("es"), "es");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cli_arguments");
    TCase *right = tcase_create("right");
    TCase *refused = tcase_create("refused");

    tcase_add_loop_test(right, options_and_words_stand_in_any_order, 0, 3);
    tcase_add_test(right, an_optional_word_gets_what_is_to_spare);
    tcase_add_test(right, global_options_may_stand_behind);
    tcase_add_test(right, a_name_of_two_words_goes_before_one_of_one);
    tcase_add_test(right, values_and_alternatives_are_sent_apart);
    tcase_add_test(right, lists_are_sent_as_lists);
    tcase_add_test(right, what_is_for_the_command_itself_is_not_sent);
    tcase_add_test(right, the_table_is_consistent);
    tcase_add_test(right, examples_are_right);
    tcase_add_test(right, each_command_is_in_one_group);
    tcase_add_loop_test(right, the_locale_says_the_language, 0,
                        sizeof(locales) / sizeof(locales[0]));
    tcase_add_loop_test(refused, wrong_usage_is_told_with_what_would_be_right, 0,
                        sizeof(wrong) / sizeof(wrong[0]));
    suite_add_tcase(suite, right);
    suite_add_tcase(suite, refused);
    return test_run(suite);
}
