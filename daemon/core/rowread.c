#include "core/rowread.h"

#include <limits.h>

wall_t rowread_wall(struct rowread *reader, const struct value *row, const char *key)
{
    const struct value *value = value_get(row, key);
    wall_t at = WALL_NONE;

    if (value_is_null(value))
        return WALL_NONE;
    if (value->kind != VALUE_STRING || wall_parse(value->string, &at) != 0)
        reader->unfit = true;
    return at;
}

const char *rowread_str(struct rowread *reader, const struct value *row, const char *key)
{
    return arena_str(reader->arena, value_get_str(row, key));
}

int rowread_int(struct rowread *reader, const struct value *row, const char *key, int otherwise)
{
    int64_t number = value_get_int(row, key, otherwise);

    if (number < INT_MIN || number > INT_MAX) {
        reader->unfit = true;
        return otherwise;
    }
    return (int)number;
}

int rowread_step(struct rowread *reader, const struct value *row, const char *key, bool required)
{
    struct slice id = value_get_text(row, key);
    int step = id.len > 0 ? procedure_step(reader->procedure, id) : -1;

    if (step < 0 && required)
        reader->unfit = true;
    return step < 0 && required ? 0 : step;
}

void rowread_limit(struct rowread *reader, const struct value *row, const char *key,
                   struct limit *ret)
{
    *ret = LIMIT_UNSET;
    if (value_get_text(row, key).len > 0 && limit_parse(value_get_text(row, key), ret) != 0)
        reader->unfit = true;
}

day_t rowread_day(struct rowread *reader, const struct value *row, const char *key)
{
    struct slice text = value_get_text(row, key);
    day_t day = DAY_NONE;

    if (text.len > 0 && day_parse(text, &day) != 0)
        reader->unfit = true;
    return day;
}
