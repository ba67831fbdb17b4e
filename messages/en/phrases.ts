import type { Catalogue, Usual } from '../catalogue.ts'
import { createNumbers } from '../numbers.ts'

const numbers = createNumbers('en')

const spans: Catalogue['spans'] = {
  windows: { '10m': 'in 10 minutes', '1h': 'in an hour', '1d': 'in a day', '7d': 'in 7 days', '28d': 'in 28 days' },
  minutes: { one: 'in # minute', other: 'in # minutes' },
  hours: { one: 'in # hour', other: 'in # hours' },
  units: {
    day: { one: '# day', other: '# days' },
    hour: { one: '# hour', other: '# hours' },
    minute: { one: '# minute', other: '# minutes' },
    second: { one: '# second', other: '# seconds' },
  },
  within: (length) => `in ${length}`,
}

const peersOf = ({ role }: Usual): string => role ?? 'peers'

const sentences: Catalogue['sentences'] = {
  lessThanOne: 'less than 1',
  did: (what, span) => `${what} ${span}`,
  usual: (usual) =>
    usual.own === null
      ? `no own history yet; usual for ${peersOf(usual)} is ${usual.peers}`
      : `usual for this person is ${usual.own}, for ${peersOf(usual)} ${usual.peers}`,
  usualOfPeers: (usual) =>
    usual.own === null
      ? `usual for ${peersOf(usual)} is ${usual.peers}; no own history yet`
      : `usual for ${peersOf(usual)} is ${usual.peers}, for this person ${usual.own}`,
  teamToo: 'the team together is far above what its people usually do',
  ofAll: (did, share) => `${did}, ${share} of all opened`,
  risen: (risen, lastDay, usual, total) =>
    `${risen} than usual day after day: ${lastDay} in the last day, where ${usual} is usual for this person${total === null ? '' : `; ${total} in 28 days`}`,
  afterLeaving: (accesses) =>
    `${numbers.counted(accesses, { one: 'used the CRM', other: 'used the CRM # times in a day' })}; nothing is expected after the last working day`,
  inNotice: (since, lastDay) =>
    [
      since === null ? 'in notice' : `in notice since ${since}`,
      ...(lastDay === null ? [] : [`last working day ${lastDay}`]),
    ].join(', '),
  hasLeft: (lastDay) => (lastDay === null ? 'has left' : `last working day was ${lastDay}`),
  lookBack: 'found on look-back',
  also: (titles) => `Also: ${titles.join('; ')}`,
}

const rules: Catalogue['rules'] = {
  matched: (title, seen, condition) => `rule "${title}": ${seen} (${condition})`,
  and: 'and',
  unknown: '(not known)',
  comparisons: {
    gt: 'more than',
    gte: 'at least',
    lt: 'fewer than',
    lte: 'at most',
    eq: 'exactly',
    neq: 'other than',
  },
  counted(type, observed, { fields, rules: all }) {
    switch (type) {
      case 'event_count':
        return numbers.counted(observed, { one: '# event', other: '# events' })
      case 'value_count':
        return `${numbers.counted(observed, { one: '# different value', other: '# different values' })} of ${fields.join(' and ')}`
      case 'value_sum':
        return `${fields[0]} adds up to ${numbers.exact(observed)}`
      case 'temporal':
        return `${numbers.whole(observed)} of ${numbers.whole(all)} rules matched`
      case 'temporal_ordered':
        return `${numbers.whole(observed)} of ${numbers.whole(all)} rules matched in order`
    }
  },
}

const reasons: Catalogue['reasons'] = {
  what: {
    count: (name, span) => `${name} ${span}`,
    share: (name, span) => `${name} as a share of all opened ${span}`,
    peers: (name, span) => `${name} ${span}, compared with the role alone`,
    team: (name, span) => `${name} ${span} by the whole team`,
    cusum: (name, span) => `${name} ${span}, more than usual day after day`,
    'after-leaving': () => 'access after the last working day',
    rule: (name) => `rule "${name}"`,
  },
  numbers(observed, own, peers) {
    if (peers === null) return observed
    const usual = own === null ? `for the role ${peers}` : `for this person ${own}, for the role ${peers}`
    return `${observed} (usual ${usual})`
  },
}

const failures: Catalogue['messages']['undelivered']['failures'] = {
  timeout: 'timeout',
  unreachable: 'unreachable',
  tls_failed: 'TLS failed',
  address_refused: 'address refused',
  rate_limited: 'rate limited',
  server_error: 'server error',
  credentials_refused: 'credentials refused',
  not_found: 'not found',
  redirected: 'redirected',
  refused: 'refused',
  channel_unknown: 'channel unknown',
  internal_error: 'internal error',
}

const messages: Catalogue['messages'] = {
  news: {
    opened: 'New alert',
    openedBeyond: 'New alert: it goes beyond an earlier one',
    repeated: 'Nobody has looked at this alert yet',
    escalated: 'Nobody has looked at this alert in time',
    grown: 'Alert has grown',
    leavingNow: 'The person is leaving now',
    wentFrom: (before, after) => `Alert went from ${before} to ${after}`,
  },
  title: (severity, who, leaving) =>
    `${{ low: 'Low', medium: 'Medium', high: 'High', critical: 'Critical' }[severity]}: ${who}${leaving ? ', leaving' : ''}`,
  unreadableId: 'an unreadable id',
  nothingSaid: 'Unusual access to customer data.',
  notLeaving: 'no, as far as HR says',
  leavingSince: (leaving) => `not at the time; now ${leaving}`,
  leaving: (since, lastDay) =>
    [
      'yes',
      ...(since === null ? [] : [`in notice since ${since}`]),
      ...(lastDay === null ? [] : [`last working day ${lastDay}`]),
    ].join(', '),
  score: (score) => `${score} of 100`,
  labels: {
    leaving: 'Leaving',
    position: 'Position',
    person: 'Person',
    severity: 'Severity',
    score: 'Score',
    since: 'Since',
    alert: 'Alert',
    why: 'Why',
    doFirst: 'Do first',
  },
  open: 'Open the alert',
  alerts: (count) => numbers.counted(count, { one: '# alert', other: '# alerts' }),
  more: (count) => `and ${numbers.whole(count)} more`,
  undelivered: {
    title: (channel) => `crmwatch cannot reach the channel "${channel}"`,
    what({ severity, since, failure, answer }) {
      const subject = severity === null ? 'An alert' : `An alert of severity ${severity}`
      const why = answer === null ? failures[failure] : `${failures[failure]}, answer ${answer}`
      return `${subject} was to be told there since ${since} and was given up (${why}). Others may follow.`
    },
    todo: 'Mend the channel, see what it has missed with GET /v1/deliveries?status=given_up, and look at those alerts.',
    failures,
  },
  test: {
    title: 'Test message from crmwatch',
    text: (channel) => `This is a test of the channel "${channel}". Nothing has happened, and there is nothing to do.`,
  },
}

const triage: Catalogue['triage'] = {
  somebody: 'somebody',
  statuses: { new: 'new', in_progress: 'in progress', on_hold: 'on hold', resolved: 'resolved', closed: 'closed' },
  verdicts: {
    theft: 'theft',
    policy_breach: 'policy breach',
    authorised: 'authorised',
    false_positive: 'false positive',
    misconfiguration: 'misconfiguration',
    test: 'test',
  },
  status: (status) => `status ${status}`,
  verdict: (verdict) => `verdict ${verdict}`,
  noVerdict: 'verdict taken back',
  assignee: (name) => `given to ${name}`,
  noAssignee: 'given to nobody',
  labelAdded: (label) => `label ${label}`,
  labelRemoved: (label) => `label ${label} removed`,
  note: 'wrote a note',
}

export const phrases = {
  language: 'en',
  numbers,
  spans,
  sentences,
  rules,
  reasons,
  severities: { low: 'low', medium: 'medium', high: 'high', critical: 'critical' },
  messages,
  triage,
} as const satisfies Partial<Catalogue>
