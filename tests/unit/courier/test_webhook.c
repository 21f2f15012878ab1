#include "courier/webhook.h"

#include "base/arena.h"
#include "base/hash.h"
#include "base/json.h"
#include "dvc_test.h"

#include <string.h>

/* The published example of standard-webhooks. */
#define SECRET "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define ID "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define BODY "{\"test\": 2432232314}"
#define SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

static void add_secret(struct webhook *webhook, struct buf *bytes, const char *base64)
{
    DVC_EQ_INT(base64_parse(slice_str(base64), bytes), 0);
    webhook->secrets[webhook->secret_count++] = buf_slice(bytes);
}

DVC_TEST(webhook, the_signature_is_that_of_the_standards_example)
{
    struct webhook webhook = {.url = ""};
    struct buf bytes = BUF_INIT(64), other = BUF_INIT(64), out = BUF_INIT(512);

    add_secret(&webhook, &bytes, SECRET);
    webhook_signature(&out, &webhook, ID, 1614265330, SLICE_LIT(BODY));
    cr_assert(slice_is(buf_slice(&out), SIGNATURE), "%.*s", (int)out.len, out.ptr);

    add_secret(&webhook, &other, "dGhlIHNlY3JldCB0aGF0IHdhcyBpbiB1c2UgYmVmb3Jl");
    buf_clear(&out);
    webhook_signature(&out, &webhook, ID, 1614265330, SLICE_LIT(BODY));
    cr_assert(slice_starts(buf_slice(&out), SIGNATURE " v1,"), "both sign while it is changed");
    buf_release(&bytes);
    buf_release(&other);
    buf_release(&out);
}

DVC_TEST(webhook, an_event_has_what_cloudevents_asks_for_and_the_rows_data)
{
    const struct outbox_item item = {
        .key = "H24-1:event:3",
        .code = "H24-1",
        .body = SLICE_LIT("{\"event\":\"accepted\",\"at\":\"2026-11-21T09:00:00+07:00\","
                          "\"state\":\"accepted\",\"due_current\":null}")};
    struct arena *arena = arena_new();
    struct buf out = BUF_INIT(4096);
    struct json_error error;
    struct value *tree, *data;

    cr_assert(webhook_event(&out, "https://dvc.example.vn", &item));
    DVC_EQ_INT(json_parse(arena, buf_slice(&out), 8, &tree, &error), 0);
    DVC_EQ_STR(value_get_str(tree, "specversion"), "1.0");
    DVC_EQ_STR(value_get_str(tree, "id"), item.key);
    DVC_EQ_STR(value_get_str(tree, "source"), "https://dvc.example.vn");
    DVC_EQ_STR(value_get_str(tree, "type"), "vn.dvc.dossier.accepted");
    DVC_EQ_STR(value_get_str(tree, "subject"), "H24-1");
    DVC_EQ_STR(value_get_str(tree, "time"), "2026-11-21T09:00:00+07:00");
    data = value_get(tree, "data");
    DVC_EQ_STR(value_get_str(data, "code"), "H24-1");
    DVC_EQ_STR(value_get_str(data, "state"), "accepted");
    cr_assert(value_get(data, "due_current")->kind == VALUE_NULL);
    buf_release(&out);
    arena_free(arena);
}

DVC_TEST(webhook, a_row_that_is_none_makes_no_event)
{
    struct outbox_item item = {.key = "k", .code = "H24-1", .body = SLICE_LIT("{}")};
    struct buf out = BUF_INIT(4096);

    cr_assert(!webhook_event(&out, "s", &item));
    item.body = SLICE_LIT("{\"event\":\"accepted\",\"at\":\"2026-11-21T09:00:00+07:00\"}");
    item.code = NULL;
    cr_assert(!webhook_event(&out, "s", &item), "a dossier that is gone has no subject");
    buf_release(&out);
}

DVC_TEST(webhook, an_answer_is_read_as_the_standard_says)
{
    static const struct {
        int status;
        enum attempt_result result;
    } rows[] = {{200, ATTEMPT_DONE},      {204, ATTEMPT_DONE},    {302, ATTEMPT_STRANGE},
                {400, ATTEMPT_REFUSED},   {401, ATTEMPT_REFUSED}, {404, ATTEMPT_REFUSED},
                {408, ATTEMPT_TRANSPORT}, {410, ATTEMPT_REFUSED}, {429, ATTEMPT_THROTTLED},
                {500, ATTEMPT_SERVER},    {503, ATTEMPT_SERVER}};

    for (size_t i = 0; i < DVC_COUNT(rows); i++) {
        struct mux_answer answer = {.result = MUX_ANSWERED, .status = rows[i].status};

        cr_assert(webhook_result(&answer) == rows[i].result, "%d", rows[i].status);
    }
}
