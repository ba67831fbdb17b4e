import type { Catalogue, Usual } from '../catalogue.ts'
import { createNumbers } from '../numbers.ts'

const numbers = createNumbers('nl')

const spans: Catalogue['spans'] = {
  windows: {
    '10m': 'in 10 minuten',
    '1h': 'in een uur',
    '1d': 'in een dag',
    '7d': 'in 7 dagen',
    '28d': 'in 28 dagen',
  },
  minutes: { one: 'in # minuut', other: 'in # minuten' },
  hours: { other: 'in # uur' },
  units: {
    day: { one: '# dag', other: '# dagen' },
    hour: { other: '# uur' },
    minute: { one: '# minuut', other: '# minuten' },
    second: { one: '# seconde', other: '# seconden' },
  },
  within: (length) => `in ${length}`,
}

const peersOf = ({ role }: Usual): string => (role === null ? 'collega’s' : `collega’s met de functie ${role}`)

const sentences: Catalogue['sentences'] = {
  lessThanOne: 'minder dan 1',
  did: (what, span) => `${span} ${what}`,
  usual: (usual) =>
    usual.own === null
      ? `nog geen eigen historie; gebruikelijk voor ${peersOf(usual)} is ${usual.peers}`
      : `gebruikelijk voor deze persoon is ${usual.own}, voor ${peersOf(usual)} ${usual.peers}`,
  usualOfPeers: (usual) =>
    usual.own === null
      ? `gebruikelijk voor ${peersOf(usual)} is ${usual.peers}; nog geen eigen historie`
      : `gebruikelijk voor ${peersOf(usual)} is ${usual.peers}, voor deze persoon ${usual.own}`,
  teamToo: 'het team als geheel ligt ver boven wat zijn mensen gewoonlijk doen',
  ofAll: (did, share) => `${did}, ${share} van alles wat is geopend`,
  risen: (risen, lastDay, usual, total) =>
    `dag na dag ${risen} dan gebruikelijk: ${lastDay} op de laatste dag, terwijl ${usual} gebruikelijk is voor deze persoon${total === null ? '' : `; ${total} in 28 dagen`}`,
  afterLeaving: (accesses) =>
    `${numbers.counted(accesses, { one: 'het CRM gebruikt', other: 'het CRM # keer gebruikt in een dag' })}; na de laatste werkdag wordt geen gebruik meer verwacht`,
  inNotice: (since, lastDay) =>
    [
      since === null ? 'gaat uit dienst' : `gaat uit dienst (opgezegd op ${since})`,
      ...(lastDay === null ? [] : [`laatste werkdag ${lastDay}`]),
    ].join(', '),
  hasLeft: (lastDay) => (lastDay === null ? 'uit dienst' : `laatste werkdag was ${lastDay}`),
  lookBack: 'gevonden bij onderzoek achteraf',
  also: (titles) => `Ook: ${titles.join('; ')}`,
}

const rules: Catalogue['rules'] = {
  matched: (title, seen, condition) => `regel "${title}": ${seen} (${condition})`,
  and: 'en',
  unknown: '(onbekend)',
  comparisons: {
    gt: 'meer dan',
    gte: 'minstens',
    lt: 'minder dan',
    lte: 'hoogstens',
    eq: 'precies',
    neq: 'anders dan',
  },
  counted(type, observed, { fields, rules: all }) {
    switch (type) {
      case 'event_count':
        return numbers.counted(observed, { one: '# gebeurtenis', other: '# gebeurtenissen' })
      case 'value_count':
        return `${numbers.counted(observed, { one: '# waarde', other: '# verschillende waarden' })} van ${fields.join(' en ')}`
      case 'value_sum':
        return `${fields[0]} telt op tot ${numbers.exact(observed)}`
      case 'temporal':
        return `${numbers.whole(observed)} van de ${numbers.whole(all)} regels ${observed === 1 ? 'sloeg' : 'sloegen'} aan`
      case 'temporal_ordered':
        return `${numbers.whole(observed)} van de ${numbers.whole(all)} regels ${observed === 1 ? 'sloeg' : 'sloegen'} op volgorde aan`
    }
  },
}

const reasons: Catalogue['reasons'] = {
  what: {
    count: (name, span) => `${name} ${span}`,
    share: (name, span) => `${name} als aandeel van alles wat is geopend ${span}`,
    peers: (name, span) => `${name} ${span}, vergeleken met alleen de functie`,
    team: (name, span) => `${name} ${span} door het hele team`,
    cusum: (name, span) => `${name} ${span}, dag na dag meer dan gebruikelijk`,
    'after-leaving': () => 'gebruik na de laatste werkdag',
    rule: (name) => `regel "${name}"`,
  },
  numbers(observed, own, peers) {
    if (peers === null) return observed
    const usual = own === null ? `voor de functie ${peers}` : `voor deze persoon ${own}, voor de functie ${peers}`
    return `${observed} (gebruikelijk ${usual})`
  },
}

const severities: Catalogue['severities'] = { low: 'laag', medium: 'gemiddeld', high: 'hoog', critical: 'kritiek' }

const failures: Catalogue['messages']['undelivered']['failures'] = {
  timeout: 'geen antwoord op tijd',
  unreachable: 'niet bereikbaar',
  tls_failed: 'TLS mislukt',
  address_refused: 'adres niet toegestaan',
  rate_limited: 'te veel verzoeken',
  server_error: 'serverfout',
  credentials_refused: 'aanmelding geweigerd',
  not_found: 'niet gevonden',
  redirected: 'omgeleid',
  refused: 'geweigerd',
  channel_unknown: 'kanaal onbekend',
  internal_error: 'interne fout',
}

const messages: Catalogue['messages'] = {
  news: {
    opened: 'Nieuwe melding',
    openedBeyond: 'Nieuwe melding: deze gaat verder dan een eerdere',
    repeated: 'Nog niemand heeft naar deze melding gekeken',
    escalated: 'Niemand heeft op tijd naar deze melding gekeken',
    grown: 'De melding is uitgebreid',
    leavingNow: 'De persoon gaat nu uit dienst',
    wentFrom: (before, after) => `De ernst van de melding ging van ${severities[before]} naar ${severities[after]}`,
  },
  title: (severity, who, leaving) =>
    `${{ low: 'Laag', medium: 'Gemiddeld', high: 'Hoog', critical: 'Kritiek' }[severity]}: ${who}${leaving ? ', gaat uit dienst' : ''}`,
  unreadableId: 'een onleesbaar id',
  nothingSaid: 'Ongebruikelijke toegang tot klantgegevens.',
  notLeaving: 'nee, voor zover bekend bij HR',
  leavingSince: (leaving) => `toen niet; inmiddels ${leaving}`,
  leaving: (since, lastDay) =>
    [
      'ja',
      ...(since === null ? [] : [`opgezegd op ${since}`]),
      ...(lastDay === null ? [] : [`laatste werkdag ${lastDay}`]),
    ].join(', '),
  score: (score) => `${score} van 100`,
  labels: {
    leaving: 'Vertrekt',
    position: 'Functie',
    person: 'Persoon',
    severity: 'Ernst',
    score: 'Score',
    since: 'Sinds',
    alert: 'Melding',
    why: 'Waarom',
    doFirst: 'Eerste stap',
  },
  open: 'Melding openen',
  alerts: (count) => numbers.counted(count, { one: '# melding', other: '# meldingen' }),
  more: (count) => `en nog ${numbers.whole(count)}`,
  undelivered: {
    title: (channel) => `crmwatch kan het kanaal "${channel}" niet bereiken`,
    what({ severity, since, failure, answer }) {
      const subject = severity === null ? 'Een melding' : `Een melding met ernst ${severities[severity]}`
      const why = answer === null ? failures[failure] : `${failures[failure]}, antwoord ${answer}`
      return `${subject} had daar sinds ${since} bezorgd moeten worden; de pogingen zijn gestaakt (${why}). Er kunnen er meer volgen.`
    },
    todo: 'Herstel het kanaal, kijk met GET /v1/deliveries?status=given_up wat het heeft gemist en bekijk die meldingen.',
    failures,
  },
  test: {
    title: 'Testbericht van crmwatch',
    text: (channel) => `Dit is een test van het kanaal "${channel}". Er is niets gebeurd en u hoeft niets te doen.`,
  },
}

const triage: Catalogue['triage'] = {
  somebody: 'iemand',
  statuses: {
    new: 'nieuw',
    in_progress: 'in behandeling',
    on_hold: 'aangehouden',
    resolved: 'opgelost',
    closed: 'gesloten',
  },
  verdicts: {
    theft: 'diefstal',
    policy_breach: 'overtreding van de regels',
    authorised: 'toegestaan',
    false_positive: 'vals alarm',
    misconfiguration: 'verkeerd ingesteld',
    test: 'test',
  },
  status: (status) => `status ${status}`,
  verdict: (verdict) => `oordeel ${verdict}`,
  noVerdict: 'oordeel ingetrokken',
  assignee: (name) => `toegewezen aan ${name}`,
  noAssignee: 'aan niemand toegewezen',
  labelAdded: (label) => `label ${label}`,
  labelRemoved: (label) => `label ${label} verwijderd`,
  note: 'notitie geschreven',
}

export const phrases = {
  language: 'nl',
  numbers,
  spans,
  sentences,
  rules,
  reasons,
  severities,
  messages,
  triage,
} as const satisfies Partial<Catalogue>
