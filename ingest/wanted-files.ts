/** What a file is to be that somebody names; ends the message that the one named is none. */
export const EVENTS_FILE = 'a file of access events (JSON lines, also as .gz)'
export const LOG_FILE = "a file of the CRM's log (CSV, JSON or JSON lines, also gzip and zip)"
