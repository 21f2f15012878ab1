#include "ctl/import_flow.h"

#include <string.h>

#include "ctl/plugin_template.h"

#define HOUR 60 /* minutes of work */
#define DAY (8 * HOUR)

/* The template's steps that use the clock. */
static const char *const steps[] = {"forward", "appraise", "approve", "issue_result"};
enum { STEP_COUNT = DVC_COUNT(steps) };

static int64_t shortest(const struct limit limits[CHANNEL_SLOTS])
{
    int64_t least = 0;

    for (int channel = CHANNEL_DIRECT; channel < CHANNEL_SLOTS; channel++) {
        int64_t minutes = limit_nominal_minutes(limits[channel]);

        if (limits[channel].unit != LIMIT_NONE && (least == 0 || minutes < least))
            least = minutes;
    }
    return least;
}

/* Rows from the longest total down: what is left goes to the appraisal. */
static void divide(int64_t total, struct limit ret[STEP_COUNT])
{
    static const struct limit long_ones[STEP_COUNT] = {{LIMIT_WORKING_HOURS, 1},
                                                       {LIMIT_WORKING_DAYS, 2},
                                                       {LIMIT_WORKING_DAYS, 1},
                                                       {LIMIT_WORKING_HOURS, 2}};
    static const struct {
        int64_t total;
        int hours[STEP_COUNT];
    } rows[] = {{2 * DAY, {1, 8, 4, 2}}, {DAY, {1, 3, 2, 1}}, {4 * HOUR, {1, 1, 1, 1}}};

    memcpy(ret, long_ones, sizeof(long_ones));
    if (total == 0)
        return;
    if (total >= 3 * DAY + 3 * HOUR) {
        int64_t days = (total - DAY - 3 * HOUR) / DAY;

        ret[1].amount = (int)(days < limit_max(LIMIT_WORKING_DAYS) ? days : 1);
        return;
    }
    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        if (total < rows[i].total)
            continue;
        for (size_t k = 0; k < STEP_COUNT; k++)
            ret[k] = (struct limit){LIMIT_WORKING_HOURS, rows[i].hours[k]};
        return;
    }
    for (size_t k = 0; k < STEP_COUNT; k++)
        ret[k] = LIMIT_INIT_NONE;
}

/* Comments after the part's last line belong to what comes next in the template. */
static struct slice without_tail(struct slice part)
{
    struct slice kept = SLICE_NULL, rest = part, line;

    while (slice_next(&rest, '\n', &line)) {
        if (line.len > 0 && line.ptr[0] != '#')
            kept = (struct slice){part.ptr, (size_t)(line.ptr + line.len - part.ptr)};
    }
    return kept;
}

void import_form(struct slice template, struct buf *out)
{
    struct slice part;

    if (!plugin_template_part(template, "form", &part))
        return;
    buf_add_slice(out, without_tail(part));
    buf_adds(out, "\n\n");
}

/* Which of `steps` begins in this line, `at` when none does, -1 for another step. */
static int step_begins(struct slice line, int at)
{
    if (!slice_starts(line, "    ") || line.len < 6 || line.ptr[4] == ' ' || line.ptr[4] == '#')
        return at;
    for (int i = 0; i < STEP_COUNT; i++) {
        struct slice name = slice_sub(line, 4, strlen(steps[i]));

        if (slice_is(name, steps[i]) && line.len > 4 + name.len && line.ptr[4 + name.len] == ':')
            return i;
    }
    return -1;
}

void import_workflow(struct slice template, const struct limit limits[CHANNEL_SLOTS],
                     struct buf *out)
{
    struct limit divided[STEP_COUNT];
    struct slice part, line;
    int step = -1;

    if (!plugin_template_part(template, "workflow", &part))
        return;
    divide(shortest(limits), divided);
    part = without_tail(part);
    while (slice_next(&part, '\n', &line)) {
        step = step_begins(line, step);
        /* Nothing to be reminded of where there is no limit (K134). */
        if (step >= 0 && divided[step].unit == LIMIT_NONE && slice_starts(line, "      warn: "))
            continue;
        if (step >= 0 && slice_starts(line, "      limit: ")) {
            buf_adds(out, "      limit: ");
            limit_write(out, divided[step]);
        } else {
            buf_add_slice(out, line);
        }
        buf_addc(out, '\n');
    }
}
