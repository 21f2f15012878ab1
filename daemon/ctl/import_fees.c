#include "ctl/import_fees.h"

#include <string.h>

#include "conf/yaml_text.h"
#include "ctl/import_words.h"

/* The same fee of several channels is one with an amount a channel. */
static bool same_fee(const struct record_fee *a, const struct record_fee *b)
{
    return a->code[0] != '\0' ? strcmp(a->code, b->code) == 0
                              : b->code[0] == '\0' && strcmp(a->text, b->text) == 0;
}

/* False when none of them is an amount: there is nothing to be paid then (K166). */
static bool fee_amounts(struct importing *im, size_t first)
{
    const struct national_record *record = im->record;
    int64_t amounts[CHANNEL_SLOTS] = {-1, -1, -1, -1};
    bool several = false, any = false;

    for (size_t i = first; i < record->fee_count; i++) {
        const struct record_fee *fee = &record->fees[i];
        int64_t amount = 0;

        if (!same_fee(&record->fees[first], fee))
            continue;
        if (!import_amount(fee->amount, &amount))
            importing_look(im, 4, "không đọc được mức thu \"%s\" %s", fee->amount, fee->unit);
        any = any || amount > 0;
        if (amounts[fee->channel] >= 0 && amounts[fee->channel] != amount)
            importing_look(im, 4, "bản ghi còn mức thu khác của kênh %s: %s %s. %s",
                           channel_name_vi(fee->channel), fee->amount, fee->unit, fee->text);
        else
            amounts[fee->channel] = amount;
    }
    for (int channel = CHANNEL_DIRECT; channel < CHANNEL_SLOTS; channel++)
        several = several || (record->channels[channel].open &&
                              amounts[channel] != amounts[record->fees[first].channel]);
    if (!several) {
        buf_addf(im->out, "    amount: %lld\n", (long long)amounts[record->fees[first].channel]);
        return any;
    }
    for (int channel = CHANNEL_DIRECT; channel < CHANNEL_SLOTS; channel++) {
        if (!record->channels[channel].open || amounts[channel] >= 0)
            continue;
        importing_look(im, 4, "bản ghi không có mức thu của kênh %s",
                       channel_name_vi((enum channel)channel));
        amounts[channel] = 0;
    }
    buf_adds(im->out, "    amount: {");
    for (int channel = CHANNEL_DIRECT, count = 0; channel < CHANNEL_SLOTS; channel++) {
        if (amounts[channel] >= 0)
            buf_addf(im->out, "%s%s: %lld", count++ > 0 ? ", " : "",
                     channel_code((enum channel)channel), (long long)amounts[channel]);
    }
    buf_adds(im->out, "}\n");
    return any;
}

static bool one_fee(struct importing *im, size_t first, const char *id)
{
    const struct record_fee *fee = &im->record->fees[first];
    bool le_phi = import_has(im->arena, fee->text, "le phi"), any;
    const char *name;

    buf_addf(im->out, "  - id: %s\n", id);
    name = importing_fit(im, 4, "tên khoản thu (MOTA)", fee->text, 2, 300, "Phí, lệ phí");
    buf_adds(im->out, "    name: ");
    yaml_add_text(im->out, slice_str(name));
    if (!le_phi && !import_has(im->arena, fee->text, "phi")) {
        buf_addc(im->out, '\n');
        importing_look(im, 4, "là phí hay lệ phí");
        le_phi = true;
        buf_adds(im->out, "    kind: le_phi\n");
    } else {
        buf_addf(im->out, "\n    kind: %s\n", le_phi ? "le_phi" : "phi");
    }
    any = fee_amounts(im, first);
    importing_look(
        im, 4, "nộp lúc nào (at_submit, before_accept, before_result), ai được miễn (waive_if)");
    buf_adds(im->out, "    pay: before_result\n");
    return any;
}

/* Each line as a part that is put in later. */
static void put_aside(struct buf *out, struct slice text)
{
    struct slice line;

    while (slice_next(&text, '\n', &line)) {
        if (line.len > 0)
            buf_addf(out, "#|%.*s\n", (int)line.len, line.ptr);
    }
}

void import_fees(struct importing *im)
{
    const struct national_record *record = im->record;
    const char **ids = ARENA_ARRAY(im->arena, const char *, record->fee_count + 1);
    struct buf all = BUF_INIT(1u << 20), one = BUF_INIT(100000), *out = im->out;
    size_t count = 0, live = 0;

    if (record->fee_count == 0) {
        importing_look(im, 0, "bản ghi không có phí, lệ phí");
        return;
    }
    im->out = &one;
    for (size_t i = 0; i < record->fee_count; i++) {
        bool before = false;

        for (size_t k = 0; k < i && !before; k++)
            before = same_fee(&record->fees[k], &record->fees[i]);
        if (before)
            continue;
        ids[count] = import_id(im->arena, record->fees[i].text,
                               arena_printf(im->arena, "fee_%zu", count + 1), ids, count);
        buf_clear(&one);
        if (one_fee(im, i, ids[count])) {
            buf_add_slice(&all, buf_slice(&one));
            live++;
        } else {
            put_aside(&all, buf_slice(&one));
        }
        count++;
    }
    im->out = out;
    buf_adds(out, live > 0 ? "fees:\n" : "#|fees:\n");
    buf_add_slice(out, buf_slice(&all));
    buf_addc(out, '\n');
    buf_release(&all);
    buf_release(&one);
}
