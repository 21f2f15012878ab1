#include "service/publish.h"

#include <stdio.h>

#include "base/hash.h"
#include "base/json.h"
#include "base/jw.h"
#include "conf/calendar_json.h"
#include "conf/calendar_load.h"
#include "conf/plugin_unit.h"

#define TEXT_MAX (256u << 20) /* all plugins of a province in one statement */
#define CALENDAR_MAX (8u << 20)
#define KEY_SIZE 32

static void path_of(const struct agency_tree *tree, const struct agency *agency, struct buf *buf)
{
    const struct agency *parent = agency_parent(tree, agency);

    if (parent != NULL)
        path_of(tree, parent, buf);
    else
        buf_addc(buf, '/');
    buf_adds(buf, agency->code);
    buf_addc(buf, '/');
}

static void write_agency(struct jw *jw, const struct agency_tree *tree, const struct agency *agency)
{
    const struct agency *parent = agency_parent(tree, agency);
    struct buf path = BUF_INIT(1024);

    path_of(tree, agency, &path);
    jw_object(jw);
    jw_kv_str(jw, "code", agency->code);
    jw_kv_str(jw, "name", agency->name);
    jw_kv_str(jw, "level", agency_level_code(agency->level));
    jw_kv_str(jw, "parent", parent != NULL ? parent->code : NULL);
    jw_kv_str(jw, "commune_code", agency->commune_code);
    jw_kv_slice(jw, "path", buf_slice(&path));
    jw_kv_bool(jw, "provisional", agency->provisional);
    jw_kv_day(jw, "valid_from", agency->from);
    jw_kv_day(jw, "valid_to", agency->to);
    jw_kv_str(jw, "calendar", agency->calendar);
    jw_kv_strs(jw, "functions", agency->functions, agency->function_count);
    jw_kv_strs(jw, "predecessors", agency->predecessors, agency->predecessor_count);
    jw_end_object(jw);
    buf_release(&path);
}

static void write_agencies(struct buf *buf, const struct agency_tree *tree)
{
    struct jw jw = JW_INIT(buf);

    jw_array(&jw);
    for (size_t i = 0; i < tree->count; i++)
        write_agency(&jw, tree, &tree->items[i]);
    jw_end_array(&jw);
}

static void write_procedure(struct jw *jw, const struct plugin_unit *unit)
{
    const struct procedure *procedure = unit->procedure;

    jw_object(jw);
    jw_kv_str(jw, "code", procedure->code);
    jw_kv_int(jw, "version", procedure->version);
    jw_kv_str(jw, "name", procedure->name);
    jw_kv_str(jw, "name_folded", procedure->name_folded);
    jw_kv_str(jw, "field", procedure->field);
    jw_kv_str(jw, "level", level_code(procedure->level));
    jw_kv_str(jw, "authority", authority_code(procedure->authority));
    jw_kv_day(jw, "effective_from", procedure->effective_from);
    jw_kv_day(jw, "effective_to", procedure->effective_to);
    jw_kv_str(jw, "sha256", procedure->sha256);
    jw_kv_str(jw, "canonical", unit->canonical);
    jw_end_object(jw);
}

/* What the database is known to have is not sent again. */
static void write_procedures(struct buf *buf, const struct generation *generation)
{
    struct jw jw = JW_INIT(buf);

    jw_array(&jw);
    for (size_t i = 0; i < generation->procedure_count; i++)
        if (generation->units[i]->canonical != NULL)
            write_procedure(&jw, generation->units[i]);
    jw_end_array(&jw);
}

static void hash_calendar(const struct calendar *calendar, struct buf *text,
                          char hex[SHA256_HEX_SIZE])
{
    calendar_write(text, calendar);
    sha256_hex(sha256_of(buf_slice(text)), hex);
}

static void write_calendars(struct buf *buf, const struct calendar_set *set)
{
    struct jw jw = JW_INIT(buf);

    jw_array(&jw);
    for (size_t i = 0; i < calendar_set_count(set); i++) {
        const struct calendar *calendar = calendar_set_at(set, i);
        struct buf text = BUF_INIT(CALENDAR_MAX);
        char hex[SHA256_HEX_SIZE];

        hash_calendar(calendar, &text, hex);
        jw_object(&jw);
        jw_kv_str(&jw, "name", calendar_id(calendar));
        jw_kv_str(&jw, "sha256", hex);
        jw_kv_slice(&jw, "canonical", buf_slice(&text));
        jw_end_object(&jw);
        buf_release(&text);
    }
    jw_end_array(&jw);
}

/* Only the hashes. */
static void write_before(struct buf *buf, const struct generation *before)
{
    struct jw jw = JW_INIT(buf);
    struct buf text = BUF_INIT(TEXT_MAX);
    char hex[SHA256_HEX_SIZE];

    write_agencies(&text, before->agencies);
    sha256_hex(sha256_of(buf_slice(&text)), hex);
    jw_object(&jw);
    jw_kv_str(&jw, "agencies", hex);
    jw_key(&jw, "calendars");
    jw_object(&jw);
    for (size_t i = 0; i < calendar_set_count(before->calendars); i++) {
        const struct calendar *calendar = calendar_set_at(before->calendars, i);

        buf_clear(&text);
        hash_calendar(calendar, &text, hex);
        jw_kv_str(&jw, calendar_id(calendar), hex);
    }
    jw_end_object(&jw);
    jw_end_object(&jw);
    buf_release(&text);
}

/* Offered each time, kept only where the database has none. */
static void write_keys(struct buf *buf)
{
    static const char *const names[] = {"pin", "salt", "page"};
    struct jw jw = JW_INIT(buf);

    jw_array(&jw);
    for (size_t i = 0; i < DVC_COUNT(names); i++) {
        uint8_t key[KEY_SIZE];
        struct buf hex = BUF_INIT(2 * KEY_SIZE);

        random_bytes(key, sizeof(key));
        buf_add_hex(&hex, key, sizeof(key));
        jw_object(&jw);
        jw_kv_str(&jw, "name", names[i]);
        jw_kv_slice(&jw, "key", buf_slice(&hex));
        jw_end_object(&jw);
        buf_release(&hex);
    }
    jw_end_array(&jw);
}

static void tell_older(const struct value *list, char *ret, size_t size)
{
    struct buf text = BUF_INIT(TEXT_MAX);

    for (size_t i = 0; i < value_count(list); i++)
        buf_addf(&text, "%s%s", i > 0 ? ", " : "", value_at(list, i)->string.ptr);
    snprintf(ret, size, "%s", text.len > 0 ? text.ptr : "");
    buf_release(&text);
}

static int read_report(struct slice json, struct publish_report *report)
{
    struct arena *arena = arena_new();
    struct json_error error;
    struct value *tree;
    int result = STORE_E_DATA;

    if (json_parse(arena, json, 8, &tree, &error) != 0)
        goto out;
    *report = (struct publish_report){.generation = value_get_int(tree, "generation", 0),
                                      .agencies = value_get_int(tree, "agencies", 0),
                                      .procedures = value_get_int(tree, "procedures", 0),
                                      .calendars = value_get_int(tree, "calendars", 0)};
    tell_older(value_get(tree, "older"), report->older, sizeof(report->older));
    result = 0;
    if (value_count(value_get(tree, "conflicts")) > 0) {
        conflicts_read(value_get(tree, "conflicts"), &report->conflicts);
        result = PUBLISH_E_CONFLICT;
    }
out:
    arena_free(arena);
    return result;
}

int publish(struct store_sync *sync, const struct statements *statements,
            const struct publish_offer *offer, struct publish_report *ret_report,
            struct db_error *ret_error)
{
    const struct generation *generation = offer->generation;
    struct buf agencies = BUF_INIT(TEXT_MAX), procedures = BUF_INIT(TEXT_MAX),
               calendars = BUF_INIT(TEXT_MAX), keys = BUF_INIT(4096), before = BUF_INIT(64u << 10);
    const struct statement *statement = statements_find(statements, "publish");
    char agencies_hex[SHA256_HEX_SIZE];
    struct db_rows *rows = NULL;
    int result;

    DVC_REQUIRE(statement != NULL);
    write_agencies(&agencies, generation->agencies);
    sha256_hex(sha256_of(buf_slice(&agencies)), agencies_hex);
    write_procedures(&procedures, generation);
    write_calendars(&calendars, generation->calendars);
    write_keys(&keys);
    if (offer->before != NULL)
        write_before(&before, offer->before);
    {
        struct db_param params[] = {db_text(buf_slice(&agencies)),
                                    db_str(agencies_hex),
                                    db_text(buf_slice(&procedures)),
                                    db_text(buf_slice(&calendars)),
                                    db_text(buf_slice(&keys)),
                                    db_str(offer->publisher),
                                    offer->before != NULL ? db_text(buf_slice(&before)) : db_null(),
                                    db_bool(offer->take_back)};

        result = store_sync_query(sync, statement, params, DVC_COUNT(params), &rows, ret_error);
    }
    if (result == 0)
        result = read_report(db_json(rows), ret_report);
    db_rows_free(rows);
    buf_release(&before);
    buf_release(&keys);
    buf_release(&calendars);
    buf_release(&procedures);
    buf_release(&agencies);
    return result;
}
