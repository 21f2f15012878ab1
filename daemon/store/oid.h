/* oid.h - the server's numbers of the types that we send, the same in every database. */
#ifndef DVC_STORE_OID_H
#define DVC_STORE_OID_H

enum {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_BIGINT = 20,
    OID_SMALLINT = 21,
    OID_INTEGER = 23,
    OID_TEXT = 25,
    OID_JSON = 114,
    OID_INTEGER_ARRAY = 1007,
    OID_TEXT_ARRAY = 1009,
    OID_BIGINT_ARRAY = 1016,
    OID_DATE = 1082,
    OID_TIMESTAMPTZ = 1184,
    OID_NUMERIC = 1700,
    OID_UUID = 2950,
    OID_JSONB = 3802,
};

#endif
