/**
 * Fields of an event that hold lists, by the name that one thing alone would have. Unknown fields are ignored, but one
 * of these says which records were touched: passed over in silence, nobody would be watched.
 */
export const SINGULAR_FIELDS: Readonly<Record<string, string>> = {
  object_uid: 'object_uids',
  owner_uid: 'owner_uids',
  recipient_uid: 'recipient_uids',
}
