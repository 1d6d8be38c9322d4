const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Whether a text is a UUID in its usual form (RFC 9562, 4), of any version and case. */
export const isUuid = (text: string): boolean => UUID.test(text)
