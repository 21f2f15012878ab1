#include "base/password.h"

#include <argon2.h>
#include <errno.h>

#include "base/hash.h"
#include "base/num.h"

enum {
    SALT_SIZE = 16,
    DIGEST_SIZE = 32,
    LANES = 1,
    /* What a stored hash may ask for. */
    STORED_MEMORY_KIB = 256 * 1024,
    STORED_PASSES = 20,
    STORED_LANES = 8,
};

int password_hash(const struct password_cost *cost, struct slice password,
                  char ret[PASSWORD_HASH_SIZE])
{
    uint8_t salt[SALT_SIZE];

    random_bytes(salt, sizeof(salt));
    return argon2id_hash_encoded(cost->passes, cost->memory_kib, LANES, password.ptr, password.len,
                                 salt, sizeof(salt), DIGEST_SIZE, ret,
                                 PASSWORD_HASH_SIZE) == ARGON2_OK
               ? 0
               : -EINVAL;
}

/* "m=19456" within 1..max; the text's next part is consumed. */
static bool parameter_ok(struct slice *rest, const char *name, int64_t max)
{
    struct slice part;
    int64_t number;

    return slice_next(rest, ',', &part) && slice_starts(part, name) &&
           num_parse_i64(slice_sub(part, 2, part.len), 1, max, &number) == 0;
}

/* $argon2id$v=19$m=19456,t=2,p=1$salt$digest, asking for no more than we give. */
static bool stored_ok(const char *hash)
{
    struct slice rest = slice_str(hash), parts[4];

    for (size_t i = 0; i < DVC_COUNT(parts); i++) {
        if (!slice_next(&rest, '$', &parts[i]))
            return false;
    }
    return parts[0].len == 0 && slice_is(parts[1], "argon2id") && slice_is(parts[2], "v=19") &&
           parameter_ok(&parts[3], "m=", STORED_MEMORY_KIB) &&
           parameter_ok(&parts[3], "t=", STORED_PASSES) &&
           parameter_ok(&parts[3], "p=", STORED_LANES);
}

int password_verify(const char *hash, struct slice password)
{
    int result;

    if (!stored_ok(hash))
        return -EINVAL;
    result = argon2id_verify(hash, password.ptr, password.len);
    return result == ARGON2_OK ? 0 : result == ARGON2_VERIFY_MISMATCH ? 1 : -EINVAL;
}
