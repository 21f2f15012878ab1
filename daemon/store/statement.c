#include "store/statement.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/sqlfile.h"

struct statements {
    struct statement *items;
    size_t count;
};

struct head {
    const char *file;
    char *error;
    size_t size;
};

static int bad(const struct head *head, const char *what, struct slice word)
{
    snprintf(head->error, head->size, "%s: %s \"%.*s\"", head->file, what, (int)word.len,
             word.ptr != NULL ? word.ptr : "");
    return -EINVAL;
}

static int read_params(struct statement *statement, struct slice words, const struct head *head)
{
    struct slice word;

    if (statement->param_count > 0)
        return bad(head, "a second line of parameters", words);
    while (slice_next(&words, ' ', &word)) {
        const struct db_type *type;

        if (word.len == 0)
            continue;
        type = db_type_find(word);
        if (type == NULL)
            return bad(head, "unknown parameter type", word);
        if (statement->param_count == STATEMENT_PARAMS_MAX)
            return bad(head, "too many parameters at", word);
        statement->param_oids[statement->param_count++] = type->oid;
    }
    return 0;
}

static int read_head_line(struct statement *statement, struct slice line, const struct head *head)
{
    line = slice_trim(slice_sub(line, 2, line.len));
    if (slice_starts(line, "params:"))
        return read_params(statement, slice_sub(line, 7, line.len), head);
    if (slice_is(line, "one"))
        statement->shape = STATEMENT_ONE;
    else if (slice_is(line, "json"))
        statement->shape = STATEMENT_JSON;
    else if (slice_is(line, "write"))
        statement->write = true;
    else if (slice_is(line, "repeatable"))
        statement->repeatable = true;
    return 0;
}

static int read_head(struct statement *statement, const struct head *head)
{
    struct slice rest = slice_str(statement->sql), line;
    int rc = 0;

    while (rc == 0 && slice_next(&rest, '\n', &line)) {
        line = slice_trim(line);
        if (slice_starts(line, "--"))
            rc = read_head_line(statement, line, head);
        else if (line.len > 0)
            break;
    }
    if (rc == 0 && statement->repeatable && !statement->write)
        rc = bad(head, "repeatable is said of writes only:", SLICE_NULL);
    return rc;
}

static int load_one(struct statements *table, const char *dir, const char *file, char *ret_error,
                    size_t size)
{
    struct statement *statement = &table->items[table->count];
    struct head head = {file, ret_error, size};
    char *text;
    int rc = sql_file_read(dir, file, &text);

    if (rc != 0) {
        snprintf(ret_error, size, "%s/%s: %s", dir, file, strerror(-rc));
        return rc;
    }
    *statement = (struct statement){.sql = text, .id = (uint32_t)table->count};
    statement->name = dvc_strdup(file);
    ((char *)(uintptr_t)statement->name)[strlen(file) - strlen(".sql")] = '\0';
    table->count++;
    return read_head(statement, &head);
}

int statements_load(const char *dir, struct statements **ret, char *ret_error, size_t size)
{
    struct sql_files files = {0};
    struct statements *table = dvc_calloc(1, sizeof(*table));
    int rc = sql_files_list(dir, &files);

    if (rc != 0)
        snprintf(ret_error, size, "%s: %s", dir, strerror(-rc));
    table->items = dvc_calloc(files.count + 1, sizeof(*table->items));
    for (size_t i = 0; rc == 0 && i < files.count; i++)
        rc = load_one(table, dir, files.names[i], ret_error, size);
    sql_files_release(&files);
    if (rc != 0) {
        statements_free(table);
        return rc;
    }
    *ret = table;
    return 0;
}

struct statements *statements_free(struct statements *table)
{
    if (table == NULL)
        return NULL;
    for (size_t i = 0; i < table->count; i++) {
        free((void *)(uintptr_t)table->items[i].name);
        free((void *)(uintptr_t)table->items[i].sql);
    }
    free(table->items);
    free(table);
    return NULL;
}

static int by_name(const void *key, const void *item)
{
    return strcmp(key, ((const struct statement *)item)->name);
}

const struct statement *statements_find(const struct statements *table, const char *name)
{
    return bsearch(name, table->items, table->count, sizeof(*table->items), by_name);
}

size_t statements_count(const struct statements *table)
{
    return table->count;
}
