#include "courier/linked.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/link.h"
#include "service/linked.h"
#include "service/service.h"

#define IN_FLIGHT 8

struct handing {
    struct outbox *outbox;
    uint64_t ticket;
};

static void settled(void *ctx, enum linked_result result, const char *why)
{
    static const enum attempt_result results[] = {[LINKED_DONE] = ATTEMPT_DONE,
                                                  [LINKED_LATER] = ATTEMPT_SERVER,
                                                  [LINKED_WRONG] = ATTEMPT_REFUSED};
    struct handing *handing = ctx;
    struct attempt attempt = {.result = results[result], .retry_after_s = -1, .detail = why};

    outbox_delivered(handing->outbox, handing->ticket, &attempt);
    free(handing);
}

static void deliver(void *ctx, struct outbox *outbox, const struct outbox_item *item,
                    uint64_t ticket)
{
    static const struct attempt unread = {.result = ATTEMPT_INVALID,
                                          .retry_after_s = -1,
                                          .detail = "the row does not say what has ended"};
    struct service *service = ctx;
    struct arena *arena = arena_new();
    struct handing *handing = dvc_malloc(sizeof(*handing));
    struct json_error error;
    struct value *body = NULL;
    enum dossier_state end;

    *handing = (struct handing){outbox, ticket};
    if (strcmp(item->topic, LINK_TOPIC_OPEN) == 0) {
        linked_open(service, item->dossier_id, settled, handing);
    } else if (strcmp(item->topic, LINK_TOPIC_END) == 0 &&
               json_parse(arena, item->body, 4, &body, &error) == 0 &&
               state_parse(value_get_text(body, "state"), &end) == 0) {
        linked_ended(service, value_get_int(body, "lead", 0), (int)value_get_int(body, "link", 0),
                     item->code, end, settled, handing);
    } else {
        outbox_delivered(outbox, ticket, &unread);
        free(handing);
    }
    arena_free(arena);
}

struct outbox_channel linked_channel(struct service *service)
{
    return (struct outbox_channel){
        .name = LINK_CHANNEL, .ctx = service, .max_in_flight = IN_FLIGHT, .deliver = deliver};
}
