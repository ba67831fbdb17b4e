/** What to do about an alert, by its leading detector: two or three steps in Markdown, as its page shows them. */
export const RUNBOOKS: Readonly<Record<string, readonly string[]>> = {
  'mass-view': [
    "Read the alert's events (`GET /v1/alerts/{alert_uid}/events`): whose customers, in which order, from which address and client, with searches in between as in work, or without?",
    'Ask the team lead, not the person, whether there was a reason: a campaign, a clean-up, a colleague covered for.',
    "Look for what follows a look: copies, exports, mails to a private address. If there is no reason and more than one kind of finding, limit the account's access and save the events.",
  ],
  'mass-copy': [
    "Read the alert's events: which contacts, and were they opened and worked on as well, or only copied?",
    'See where the copies may have gone: the mail gateway, the proxy, a private messenger on the device.',
    "If the person is leaving or there is no reason, limit the account's access before speaking with them, and save the events.",
  ],
  'mass-export': [
    'Look at the operation: format, columns (`columns`, `has_contact_fields`), recipients, address and client app.',
    'Find the file: the download folder, the mail gateway, cloud storage. A file that is still inside can be taken back.',
    "Ask marketing or the data owner whether it was ordered. If not, limit the account's export right, save the events, and think of what the law asks for when personal data has left.",
  ],
  'slow-harvest': [
    'Compare week by week on the store ([store.md](../store.md#examples)): which contacts are new, whose are they, at which hours?',
    "Ask whether the job has changed: another role, another region, a colleague's portfolio. Have HR's record corrected if so.",
    'If not, look at the days on which it rose for copies, exports and mails, and save the events before retention takes them.',
  ],
  'after-leaving': [
    'Have the account locked and its sessions and tokens revoked; that is right whatever the reason.',
    "Read the events: the person's own address and device, a colleague's, or a machine's?",
    'Ask HR whether the date is right. If it is, find out what was taken since, and why offboarding missed the account.',
  ],
  'copy-ratio': [
    "Read the alert's events: was a number dialled or a letter written after each copy, or were they copied one after the other?",
    'Ask whether something new explains it: a campaign by telephone, another dialler, data moved to another system.',
    "If not, limit the account's access before speaking with the person, and save the events.",
  ],
  'foreign-portfolio': [
    'See whose customers they are ([store.md](../store.md#examples)): of one colleague who is away or has left, or of many?',
    "Ask the team's lead whether the person was to cover for somebody, or took a portfolio over. Have the owners in the CRM corrected if so.",
    'If neither, look at what was copied and taken out of them, and save the events.',
  ],
  'after-hours': [
    "See from which address and device it was: the person's own at home, or a stranger's with their password?",
    "Ask the person's lead whether there was a reason: a deadline, a shift swapped, a journey to another time zone.",
    'If the person knows nothing of it, have the account locked and its sessions revoked; otherwise look at what was opened, copied and taken out.',
  ],
  enumeration: [
    'Ask whether somebody was to go through the records one by one: new entries checked, duplicates cleaned up.',
    "Look at the times between the events: steady ones of a second or two are a script's. See from which client they came (`user_agent`, `client_app`), and revoke the session if it is a script.",
    "If there is no reason, limit the account's access and save the events.",
  ],
  'service-token': [
    'Find out whose address it is: an office, a provider of cloud computing, a mobile network. Did the integration move?',
    'If nobody can say, revoke the key or the sessions and issue a new one; that is right whatever the reason.',
    'Look at what was read from the address since it was first seen, and by which other accounts.',
  ],
  'unworked-views': [
    "Read the alert's events: which contacts were only looked at, and do they belong to one list, region or colleague?",
    'Ask what the person was doing: preparing a campaign, an audit and a search for one customer look alike.',
    "If nothing explains it, limit the account's access before speaking with the person, and save the events.",
  ],
  'shared-account': [
    "Compare the two addresses in the alert's events: whose are they, and could one person have been at both?",
    'Ask the owner whether they used the account there; for an integration ask who holds its key.',
    "If nobody explains it, end the account's sessions, change the password or key, and save the events.",
  ],
  canary: [
    'Check that the contact is planted still and was not handed out as a real one.',
    'Read what else was opened in the hours around: one touch in a search is an accident, one in a long run is not.',
    "If it is a run, limit the account's access before speaking with the person, and save the events.",
  ],
  'base-coverage': [
    'See which part of the base it is ([store.md](../store.md#examples)): one region, one letter of the alphabet, or everything?',
    'Ask whether the job needs so many customers: an audit, a migration, a move to another system.',
    "If not, limit the account's access before speaking with the person, and save the events.",
  ],
  'first-export': [
    'Look at what is new: a first export, the API, another kind of object, another program. Who gave the right to it, and when?',
    'Ask the person or the holder of the key what it was for; new duties and new tools are the usual reason.',
    'If there is none, take the right away again, find the file or the program, and save the events.',
  ],
  sequence: [
    'Stop further changes: take the right to delete away, and see whether the CRM can restore what is gone.',
    'Compare what was taken out with what was changed or deleted afterwards: the same customers?',
    'Ask who ordered it; a clean-up of duplicates looks alike and has somebody who asked for it. If nobody did, save the events and find the file.',
  ],
  collusion: [
    "Ask the team's lead, and theirs, whether a campaign or an absence explains the week; the staff feed may hold an old team.",
    'See whose customers the team opened ([store.md](../store.md#examples)): do its people share them out, each another part?',
    'If nothing explains it, look at each of them for copies and exports, and save the events before speaking with anybody.',
  ],
  'misdirected-disclosure': [
    "Look up the recipient in the alert's events (`recipient_uids`): a supplier under contract, a customer, or nobody known?",
    'Ask the sender whether the list was meant for that recipient, and whether it can be called back.',
    'If it went astray, save the events and tell whoever answers for data protection at once: the time to report a disclosure runs from now.',
  ],
}

/** For alerts of the operator's own rules. */
export const GENERAL_STEP =
  'Read the alert’s events: what was opened, copied or taken out, and is there a reason for it that the person’s lead knows of?'

/** The first step as plain text for messages: without code and links in brackets, other links as their text. */
export function firstStep(detector: string): string {
  const [step] = Object.hasOwn(RUNBOOKS, detector) ? RUNBOOKS[detector] : [GENERAL_STEP]
  return step
    .replaceAll(/ \((?:`[^`]*`(?:, )?)+\)/g, '')
    .replaceAll(/ \(\[[^\]]+\]\([^)]+\)\)/g, '')
    .replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1')
    .replaceAll('`', '')
}
