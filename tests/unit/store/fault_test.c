#include "store/fault.h"

#include "dvc_test.h"

static void expect(const char *sqlstate, int code, bool retry)
{
    struct db_error error = {0};

    db_error_classify(&error, sqlstate);
    cr_assert(error.code == code && error.retry == retry, "%s is %s, retry %d",
              sqlstate != NULL ? sqlstate : "(none)", store_error_name(error.code), error.retry);
}

DVC_TEST(fault, by_sqlstate)
{
    expect("23505", STORE_E_UNIQUE, false);
    expect("23514", STORE_E_CONSTRAINT, false);
    expect("22P02", STORE_E_DATA, false);
    expect("P0001", STORE_E_DATA, false);
    expect("40001", STORE_E_CONFLICT, true);
    expect("40P01", STORE_E_CONFLICT, true);
    expect("55P03", STORE_E_CONFLICT, true);
    expect("57014", STORE_E_TIMEOUT, true);
    expect("57P01", STORE_E_DOWN, true);
    expect("25006", STORE_E_READONLY, true);
    expect("42501", STORE_E_DENIED, false);
    expect("42P01", STORE_E_STATEMENT, false);
    expect("53100", STORE_E_RESOURCE, true);
    expect("99999", STORE_E_STATEMENT, false);
}

DVC_TEST(fault, without_sqlstate_the_link_is_lost)
{
    expect(NULL, STORE_E_LOST, true);
    expect("", STORE_E_LOST, true);
    expect("235055", STORE_E_LOST, true);
}

DVC_TEST(fault, long_messages_are_cut)
{
    struct db_error error;
    char text[1000];

    memset(text, 'a', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    db_error_set(&error, STORE_E_BUSY, text);
    DVC_EQ_INT(strlen(error.message), sizeof(error.message) - 1);
    cr_assert(error.retry);
    DVC_EQ_STR(store_error_name(STORE_E_BUSY), "busy");
    DVC_EQ_STR(store_error_name(4711), "error");
}
