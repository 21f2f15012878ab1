#include "http/origin.h"

#include "dvc_test.h"

static bool foreign(const char *host, const char *origin, const char *site, const char *public_url)
{
    struct request_pair headers[3];
    struct request req = {.headers = headers};

    if (host != NULL)
        headers[req.header_count++] = (struct request_pair){SLICE_LIT("host"), slice_str(host)};
    if (origin != NULL)
        headers[req.header_count++] = (struct request_pair){SLICE_LIT("ORIGIN"), slice_str(origin)};
    if (site != NULL)
        headers[req.header_count++] =
            (struct request_pair){SLICE_LIT("Sec-Fetch-Site"), slice_str(site)};
    return origin_is_foreign(&req, public_url);
}

DVC_TEST(origin, our_own_pages_and_programs)
{
    cr_assert_not(foreign("dvc.vn", NULL, NULL, NULL));
    cr_assert_not(foreign("dvc.vn", "https://dvc.vn", NULL, NULL));
    cr_assert_not(foreign("DVC.vn:443", "https://dvc.vn", NULL, NULL));
    cr_assert_not(foreign("dvc.vn:80", "http://dvc.vn", NULL, NULL));
    cr_assert_not(foreign("[::1]:8080", "http://[::1]:8080", NULL, NULL));
    cr_assert_not(foreign("10.0.0.7:8080", "https://dvc.vn", NULL, "https://dvc.vn/"));
    cr_assert_not(foreign("10.0.0.7:8080", "https://dvc.vn", NULL, "https://DVC.vn"));
    cr_assert_not(foreign("10.0.0.7", "https://dvc.vn", "same-origin", NULL));
    cr_assert_not(foreign("dvc.vn", NULL, "none", NULL));
}

DVC_TEST(origin, pages_of_others)
{
    static const char *const others[] = {"https://evil.vn",
                                         "null",
                                         "https://dvc.vn.evil.vn",
                                         "https://dvc.v",
                                         "https://dvc.vn:444",
                                         "dvc.vn",
                                         "https://",
                                         "",
                                         "file://dvc.vn",
                                         "https://evil.vn/https://dvc.vn"};

    for (size_t i = 0; i < DVC_COUNT(others); i++) {
        cr_assert(foreign("dvc.vn", others[i], NULL, "https://dvc.vn"), "%s", others[i]);
        cr_assert(foreign(NULL, others[i], NULL, NULL), "%s", others[i]);
    }
    cr_assert(foreign("dvc.vn:80", "https://dvc.vn", NULL, NULL), "another port");
    cr_assert(foreign("dvc.vn", "https://dvc.vn", "same-site", NULL),
              "a neighbour may be anybody's");
    cr_assert(foreign("dvc.vn", "https://dvc.vn", "cross-site", NULL), "the browser knows better");
}
