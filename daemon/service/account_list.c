#include "base/utf8.h"
#include "service/account_admin.h"
#include "service/rowlist.h"

#define Q_MAX 200

/* Words of a name as SQL keeps them: folded. False, and the answer given, when they are too long.
 */
static bool fold(struct rowlist *list, struct slice q, struct slice *ret)
{
    if (utf8_valid(q) && utf8_length(q) <= Q_MAX && utf8_fold(list->op.arena, q, ret) == 0) {
        *ret = slice_trim(*ret);
        return true;
    }
    op_fault_at(&list->op, ANSWER_MALFORMED, "q", "?q", "Từ khoá tìm kiếm dài nhất 200 ký tự.");
    return false;
}

static struct rowlist *begin(struct service *service, const char *statement, struct page_ask page,
                             answer_fn answer, void *ctx, struct slice *ret_place)
{
    struct rowlist *list =
        rowlist_begin(service, sizeof(struct rowlist), statement, page, answer, ctx, ret_place);

    if (list != NULL)
        list->limit = page.limit;
    return list;
}

void account_list(struct service *service, struct member *who, const struct account_filter *filter,
                  struct page_ask page, answer_fn answer, void *ctx)
{
    struct slice place, q;
    struct rowlist *list = begin(service, "accounts_list", page, answer, ctx, &place);

    if (list != NULL && fold(list, filter->q, &q))
        rowlist_run(list,
                    (struct db_param[]){
                        db_int(who->actor.account), rowlist_filter(q), rowlist_filter(filter->kind),
                        rowlist_filter(filter->agency), rowlist_filter(place), db_int(page.limit)},
                    6);
}

void account_view(struct service *service, struct member *who, struct slice username,
                  answer_fn answer, void *ctx)
{
    service_read(service, "account_one",
                 (struct db_param[]){db_int(who->actor.account), db_text(username)}, 2, answer,
                 ctx);
}

void account_colleagues(struct service *service, struct member *who,
                        const struct account_filter *filter, struct page_ask page, answer_fn answer,
                        void *ctx)
{
    struct slice place, q;
    struct rowlist *list = begin(service, "colleagues_list", page, answer, ctx, &place);

    if (list != NULL && fold(list, filter->q, &q))
        rowlist_run(list,
                    (struct db_param[]){db_int(who->actor.account), rowlist_filter(filter->agency),
                                        rowlist_filter(filter->role), rowlist_filter(q),
                                        rowlist_filter(place), db_int(page.limit)},
                    6);
}
