#include "cli/ask.h"

#include "cli/file.h"
#include "cli/input_json.h"
#include "cli/language.h"
#include "cli/output.h"
#include "proto/fork_proof.h"
#include "proto/payload.h"
#include "proto/proof.h"

enum { PROOF_FILE_MAX = 64 * 1024 * 1024 };

#define BYTES_OF(array) ((struct ayni_bytes){ (array), sizeof(array) })

static bool is_space(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

static struct ayni_bytes trim(struct ayni_bytes text)
{
    while (text.size > 0 && is_space(text.data[text.size - 1]))
        text.size--;
    while (text.size > 0 && is_space(text.data[0])) {
        text.data++;
        text.size--;
    }
    return text;
}

/* The bytes of a proof, from what `ayni proof` prints, in JSON or not, or from the bytes
 * themselves. */
static enum ayni_status read_proof(const char *path, struct ayni_buffer *proof,
                                   struct failure *failure)
{
    SCOPED_BUFFER content = { 0 }, inside = { 0 };
    enum ayni_status status = file_read(path, PROOF_FILE_MAX, &content, failure);

    if (status != AYNI_OK)
        return status;
    struct ayni_bytes text = trim(ayni_buffer_bytes(&content));
    if (text.size > 0 && text.data[0] == '{' && input_json_text(text, "proof", &inside))
        text = ayni_buffer_bytes(&inside);
    if (ayni_base32_parse(text, proof) != AYNI_OK) {
        ayni_buffer_clear(proof);
        ayni_buffer_append(proof, content.data, content.size);
    }
    return proof->failed || inside.failed ? fail_memory(failure) : AYNI_OK;
}

/* What a proven entry says of itself; a confidential one says less. */
static void put_part(struct ayni_control_writer *to, const struct ayni_proof_part *part)
{
    struct ayni_version version;

    ayni_control_open_object(to, NULL);
    if (part->entry.kind == AYNI_KIND_VERSION &&
        ayni_version_decode(part->entry.payload, &version) == AYNI_OK) {
        ayni_control_put_record(to, "id", &version.record);
        ayni_control_put_int(to, "type", version.type);
        ayni_control_put_string(to, "steward", version.steward);
        ayni_version_free(&version);
    }
    ayni_control_put_node(to, "node", &part->descriptor.node);
    ayni_control_put_instant(to, "time", part->entry.time);
    ayni_control_put_hash(to, "feed", BYTES_OF(part->feed.bytes));
    ayni_control_put_int(to, "seq", (int64_t)part->seq);
    ayni_control_put_hash(to, "chain", BYTES_OF(part->chain.bytes));
    ayni_control_close(to);
}

/* Verifies each part, and tells of them in one object. */
static enum ayni_status check_proof(struct ayni_bytes bytes, struct ayni_buffer *told)
{
    struct ayni_proof proof;
    struct ayni_proof_part part;
    struct ayni_control_writer writer = ayni_control_writer(told);
    enum ayni_status status = ayni_proof_decode(bytes, &proof);

    if (status != AYNI_OK)
        return status;
    if (proof.part_count == 0)
        return AYNI_E_MALFORMED;
    ayni_control_open_object(&writer, NULL);
    ayni_control_put_bool(&writer, "ok", true);
    ayni_control_put_node(&writer, "federation", &proof.root);
    ayni_control_open_array(&writer, "entries");
    while ((status = ayni_proof_next(&proof, &part)) == AYNI_OK)
        put_part(&writer, &part);
    ayni_control_close(&writer);
    ayni_control_close(&writer);
    return status == AYNI_E_NOT_FOUND ? ayni_buffer_status(told) : status;
}

/* The same of the proof that a feed has forked. */
static enum ayni_status check_fork_proof(struct ayni_bytes bytes, struct ayni_buffer *told)
{
    struct ayni_fork_proof proof;
    struct ayni_control_writer writer = ayni_control_writer(told);
    enum ayni_status status = ayni_fork_proof_decode(bytes, &proof);

    if (status != AYNI_OK)
        return status;
    ayni_control_open_object(&writer, NULL);
    ayni_control_put_bool(&writer, "ok", true);
    ayni_control_put_node(&writer, "federation", &proof.root);
    ayni_control_put_text(&writer, "reason", "forked");
    ayni_control_put_node(&writer, "node", &proof.descriptor.node);
    ayni_control_put_space(&writer, "space", &proof.descriptor.space);
    ayni_control_put_hash(&writer, "feed", BYTES_OF(proof.feed.bytes));
    ayni_control_put_int(&writer, "lane", proof.descriptor.lane);
    ayni_control_put_hash(&writer, "incarnation", BYTES_OF(proof.descriptor.incarnation.bytes));
    ayni_control_put_int(&writer, "seq", (int64_t)proof.seq);
    ayni_control_open_array(&writer, "chains");
    for (int side = 0; side < 2; side++)
        ayni_control_put_hash(&writer, NULL, BYTES_OF(proof.chains[side].bytes));
    ayni_control_close(&writer);
    ayni_control_close(&writer);
    return ayni_buffer_status(told);
}

/* An array whose first item is a text is the proof of entries, one whose first is a key of a fork.
 */
static enum ayni_status check_any_proof(struct ayni_bytes bytes, struct ayni_buffer *told)
{
    struct ayni_cbor_reader r = ayni_cbor_reader(bytes);

    return ayni_cbor_read_array(&r) == 6 ? check_fork_proof(bytes, told) : check_proof(bytes, told);
}

static enum ayni_status say_no(const char *path, enum ayni_status status, struct failure *failure)
{
    if (status == AYNI_E_MALFORMED || status == AYNI_E_LIMIT || status == AYNI_E_TRUNCATED) {
        fail(failure, AYNI_E_SIGNATURE, _("{} holds no whole proof"), path, NULL);
        fail_hint(failure, _("a proof is what ayni proof ID and ayni --json problems print"), NULL);
        return AYNI_E_SIGNATURE;
    }
    if (status == AYNI_E_MEMORY)
        return fail_memory(failure);
    return fail(failure, status,
                _("the proof in {} does not hold: it was changed, or signed by "
                  "another key"),
                path, NULL);
}

static enum ayni_status verify_proof(const struct settings *settings,
                                     const struct arguments *arguments, const char *path,
                                     struct failure *failure)
{
    SCOPED_BUFFER proof = { 0 };
    SCOPED_BUFFER told = { 0 };
    struct ayni_control_value object;
    enum ayni_status status = ayni_crypto_init();

    if (status != AYNI_OK)
        return fail(failure, status, _("the system gives no random numbers"), NULL);
    status = read_proof(path, &proof, failure);
    if (status != AYNI_OK)
        return status;
    status = check_any_proof(ayni_buffer_bytes(&proof), &told);
    if (status != AYNI_OK)
        return say_no(path, status, failure);
    SCOPED_OUTPUT output = output_begin(settings, arguments->command);
    if (ayni_control_value_decode(ayni_buffer_bytes(&told), &object) == AYNI_OK)
        output_object(&output, &object);
    return AYNI_OK;
}

enum ayni_status cmd_verify(const struct settings *settings, const struct arguments *arguments,
                            struct failure *failure)
{
    const char *path = arguments_value(arguments, "proof");
    return path != NULL ? verify_proof(settings, arguments, path, failure)
                        : ask_and_print(settings, arguments, failure);
}
