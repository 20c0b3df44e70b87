#include "daemon/federation/founding.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "daemon/federation/edition.h"
#include "daemon/federation/organisation.h"
#include "daemon/federation/registry_draft.h"
#include "daemon/records/projection/projector.h"
#include "po/language.h"

enum { CATCH_UP_MS = 60 * 1000 };

/* --- the root key --- */

struct root {
    struct ayni_signing_key *secret; /* of ayni_secret_new() */
    struct ayni_node node;
};

static void root_done(struct root *root)
{
    ayni_secret_free(root->secret);
}
#define SCOPED_ROOT __attribute__((cleanup(root_done))) struct root

/* The seed as hexadecimal, with words that say what the paper is. On disk when it answers AYNI_OK.
 */
static enum ayni_status write_root_key(const char *path, const char *federation,
                                       const uint8_t seed[32], const struct ayni_node *root)
{
    char seed_text[65], root_text[AYNI_NODE_TEXT_SIZE];
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0400);

    if (file < 0)
        return errno == EEXIST ? AYNI_E_EXISTS : AYNI_E_IO;
    ayni_hex_text((struct ayni_bytes){ seed, 32 }, seed_text);
    ayni_node_text(root, root_text);
    int written = dprintf(
        file,
        "ayni-root-key-1\n"
        "federation %s\n"
        "root %s\n"
        "secret %s\n"
        "\n"
        "Print this, put it into a safe, and delete the file. Whoever has the secret can name\n"
        "another steering node; without it nobody can, should the steering node be lost.\n",
        federation, root_text, seed_text);
    enum ayni_status status = written > 0 && fsync(file) == 0 ? AYNI_OK
                              : errno == ENOSPC               ? AYNI_E_FULL
                                                              : AYNI_E_IO;
    close(file);
    ayni_wipe(seed_text, sizeof(seed_text));
    if (status != AYNI_OK)
        unlink(path);
    return status;
}

static enum ayni_status make_root(const struct founding *founding, struct root *root)
{
    uint8_t seed[32];

    root->secret = ayni_secret_new(sizeof(*root->secret));
    if (root->secret == NULL)
        return AYNI_E_MEMORY;
    ayni_random(seed, sizeof(seed));
    enum ayni_status status = ayni_signing_key_of_seed(seed, root->secret, &root->node);
    if (status == AYNI_OK)
        status = write_root_key(founding->root_key_path, founding->federation, seed, &root->node);
    ayni_wipe(seed, sizeof(seed));
    return status;
}

/* --- the ticket --- */

static enum ayni_status make_ticket(const struct founding *founding, const struct root *root,
                                    const struct ayni_node *steering, struct ayni_bytes card,
                                    struct ayni_buffer *statement, struct ayni_buffer *bytes)
{
    struct ayni_root_statement first = { .number = 1, .steering = *steering };
    struct ayni_ticket ticket = {
        .federation = ayni_bytes_of_text(founding->federation),
        .root = root->node,
        .statement_count = 1,
        .card = card,
    };

    enum ayni_status status = ayni_root_statement_sign(&first, root->secret, statement);
    if (status != AYNI_OK)
        return status;
    ticket.statements[0] = ayni_buffer_bytes(statement);
    return ayni_ticket_encode(&ticket, bytes);
}

/* --- the first records --- */

static enum ayni_status draft_root_statement(struct registry_draft *draft,
                                             const struct ayni_node *root,
                                             struct ayni_bytes statement)
{
    struct ayni_record record;
    enum ayni_status status = ayni_registry_root_statement_record(root, 1, &record);

    if (status != AYNI_OK)
        return status;
    registry_draft_record(draft, AYNI_TYPE_ROOT_STATEMENT, &record);
    registry_draft_uint(draft, AYNI_FIELD_ROOT_STATEMENT_NUMBER, 1);
    registry_draft_bytes(draft, AYNI_FIELD_ROOT_STATEMENT_STATEMENT, statement);
    return AYNI_OK;
}

static enum ayni_status draft_own_membership(struct registry_draft *draft,
                                             const struct ayni_node *root,
                                             const struct identity *identity,
                                             struct federation *federation, struct ayni_bytes card)
{
    struct organisation_draft organisation = {
        .code = ayni_bytes_of_text(federation_node_name(federation)),
        .name = ayni_bytes_of_text(federation_node_name(federation)),
        .kind = "ministry",
        .roles = { "midis" },
        .role_count = 1,
    };
    char code[ORGANISATION_CODE_SIZE];
    struct ayni_record organisation_id, record;

    organisation_code_of(organisation.code, code);
    organisation.code = ayni_bytes_of_text(code);
    enum ayni_status status = organisation_put(draft, root, &organisation, &organisation_id);
    if (status == AYNI_OK)
        status = ayni_registry_node_record(root, AYNI_TYPE_MEMBER, &identity->node, &record);
    if (status != AYNI_OK)
        return status;
    registry_draft_record(draft, AYNI_TYPE_MEMBER, &record);
    registry_draft_id(draft, AYNI_FIELD_MEMBER_NODE, &identity->node);
    registry_draft_word(draft, AYNI_FIELD_MEMBER_ROLE, ayni_member_role_name(AYNI_ROLE_STEERING));
    registry_draft_id(draft, AYNI_FIELD_MEMBER_ORGANISATION, &organisation_id);
    registry_draft_bytes(draft, AYNI_FIELD_MEMBER_CARD, card);
    return AYNI_OK;
}

static enum ayni_status draft_identity_key(struct registry_draft *draft,
                                           const struct ayni_node *root,
                                           const struct ayni_node *node)
{
    uint8_t key[WRAPPED_KEY_SIZE];

    ayni_random(key, sizeof(key));
    enum ayni_status status = registry_draft_identity_key(draft, root, node, key);
    ayni_wipe(key, sizeof(key));
    return status;
}

static enum ayni_status draft_record(void *context, const struct edition_record *record)
{
    registry_draft_record(context, record->type, &record->id);
    for (size_t i = 0; i < record->field_count; i++)
        registry_draft_value(context, record->fields[i].number, record->fields[i].value);
    return AYNI_OK;
}

static enum ayni_status draft_catalogue(struct registry_draft *draft, const struct ayni_node *root,
                                        char *why, size_t why_size)
{
    struct catalogue_file file;
    char error[CATALOGUE_FILE_ERROR_SIZE];

    enum ayni_status status =
        catalogue_file_read(catalogue_file_first_edition(), root->bytes, &file, error);
    if (status != AYNI_OK) {
        snprintf(why, why_size, _("the catalogue that comes with the program: %s"), error);
        return status;
    }
    status = edition_each(&file, root, draft_record, draft);
    catalogue_file_free(&file);
    return status;
}

/* Alone and first: only then does anybody have a right to write. */
static enum ayni_status write_root_statement(const struct founding *founding,
                                             const struct root *root, struct records *records,
                                             struct ayni_bytes statement)
{
    struct ayni_space registry = ayni_registry_space(&root->node);
    SCOPED_REGISTRY_DRAFT draft = { 0 };

    enum ayni_status status = draft_root_statement(&draft, &root->node, statement);
    if (status == AYNI_OK)
        status = registry_draft_write(&draft, records->author, &registry, founding->steward, "",
                                      AYNI_LANE_CURRENT);
    return status == AYNI_OK ? projector_catch_up(records->projector, CATCH_UP_MS) : status;
}

static enum ayni_status write_first_records(const struct founding *founding,
                                            const struct root *root,
                                            const struct identity *identity,
                                            struct federation *federation, struct records *records,
                                            struct ayni_bytes card, char *why, size_t why_size)
{
    struct ayni_space registry = ayni_registry_space(&root->node);
    SCOPED_REGISTRY_DRAFT draft = { 0 };

    enum ayni_status status = draft_own_membership(&draft, &root->node, identity, federation, card);
    if (status == AYNI_OK)
        status = draft_identity_key(&draft, &root->node, &identity->node);
    if (status == AYNI_OK)
        status = draft_catalogue(&draft, &root->node, why, why_size);
    if (status == AYNI_OK)
        status = registry_draft_write(&draft, records->author, &registry, founding->steward, "",
                                      AYNI_LANE_CURRENT);
    return status;
}

enum ayni_status founding_run(const struct founding *founding, const struct identity *identity,
                              struct federation *federation, struct records *records, char *why,
                              size_t why_size)
{
    SCOPED_BUFFER card = { 0 }, statement = { 0 }, ticket = { 0 };
    SCOPED_ROOT root = { 0 };

    if (federation_ticket(federation) != NULL) {
        snprintf(why, why_size, _("this node is in a federation already"));
        return AYNI_E_EXISTS;
    }
    if (!ayni_name_valid(ayni_bytes_of_text(founding->federation))) {
        snprintf(why, why_size, _("--federation: a name is one line of 1 to %d bytes"),
                 AYNI_NAME_SIZE_MAX);
        return AYNI_E_INVALID;
    }
    enum ayni_status status = make_root(founding, &root);
    if (status != AYNI_OK) {
        snprintf(why, why_size, _("%s: the root key can't be written: %s"), founding->root_key_path,
                 status == AYNI_E_EXISTS ? _("there is such a file already")
                                         : ayni_status_name(status));
        return status;
    }
    status = federation_card(federation, "", &card);
    if (status == AYNI_OK)
        status = make_ticket(founding, &root, &identity->node, ayni_buffer_bytes(&card), &statement,
                             &ticket);
    if (status == AYNI_OK)
        status = federation_set_ticket(federation, ayni_buffer_bytes(&ticket));
    if (status == AYNI_OK)
        status = projector_set_root(records->projector, &root.node);
    if (status == AYNI_OK)
        status = write_root_statement(founding, &root, records, ayni_buffer_bytes(&statement));
    if (status == AYNI_OK)
        status = write_first_records(founding, &root, identity, federation, records,
                                     ayni_buffer_bytes(&card), why, why_size);
    if (status == AYNI_OK)
        status = projector_catch_up(records->projector, CATCH_UP_MS);
    return status;
}
