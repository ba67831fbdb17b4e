import type { Catalogue } from '../catalogue.ts'

export const measures: Catalogue['measures'] = {
  contacts_viewed: {
    done: { one: 'opened # contact', other: 'opened # different contacts' },
    risen: 'opened more different contacts',
    name: 'contacts opened',
  },
  contacts_copied: {
    done: { one: 'copied the details of # contact', other: 'copied the details of # different contacts' },
    risen: 'copied the details of more contacts',
    name: 'contacts copied',
  },
  records_taken: {
    done: { one: 'took out # record', other: 'took out # records' },
    risen: 'took out more records',
    name: 'records taken out',
  },
  records_listed: {
    done: { one: 'listed # record', other: 'listed # records' },
    risen: 'listed more records',
    name: 'records listed',
  },
  unsized_exports: {
    done: {
      one: 'made # export whose size the CRM does not report',
      other: 'made # exports whose size the CRM does not report',
    },
    risen: 'made more exports of unknown size',
    name: 'exports of unknown size',
  },
  contacts_foreign: {
    done: {
      one: 'opened or copied # contact of other people',
      other: 'opened or copied # different contacts of other people',
    },
    risen: 'opened or copied more contacts of other people',
    name: 'contacts of other people',
  },
  contacts_new: {
    done: {
      one: 'opened or copied # contact for the first time in four weeks',
      other: 'opened or copied # contacts for the first time in four weeks',
    },
    risen: 'opened or copied more contacts that were new to this person',
    name: 'contacts new to this person',
  },
  contacts_off_hours: {
    done: {
      one: 'opened or copied # contact outside the usual hours',
      other: 'opened or copied # different contacts outside the usual hours',
    },
    risen: 'opened or copied more contacts outside the usual hours',
    name: 'contacts outside the usual hours',
  },
  contacts_in_order: {
    done: {
      one: 'opened or copied # contact next to another in the order of their ids',
      other: 'opened or copied # contacts one after the other in the order of their ids',
    },
    risen: 'opened or copied more contacts in the order of their ids',
    name: 'contacts in the order of their ids',
  },
  records_new_place: {
    done: {
      one: 'opened, copied or took out # record from an address not used before',
      other: 'opened, copied or took out # records from an address not used before',
    },
    risen: 'opened, copied or took out more records from new addresses',
    name: 'records from a new address',
  },
  contacts_unworked: {
    done: {
      one: 'opened # contact, neither changing it nor coming back to it',
      other: 'opened # different contacts, neither changing them nor coming back to them',
    },
    risen: 'opened more contacts without working on them',
    name: 'contacts opened but not worked on',
  },
  records_elsewhere: {
    done: {
      one: 'opened, copied or took out # record from a new address while the usual one was in use',
      other: 'opened, copied or took out # records from a new address while the usual one was in use',
    },
    risen: 'opened, copied or took out more records at two places at once',
    name: 'records from a second place at once',
  },
  contacts_planted: {
    done: {
      one: 'opened or copied # planted contact that nobody has a reason to touch',
      other: 'opened or copied # planted contacts that nobody has a reason to touch',
    },
    risen: 'opened or copied more planted contacts',
    name: 'planted contacts',
  },
  records_shared: {
    done: { one: 'sent # record to somebody', other: 'sent # records to somebody' },
    risen: 'sent more records to somebody',
    name: 'records sent to somebody',
  },
  records_new_way: {
    done: {
      one: 'read or took out # record in a way never used before',
      other: 'read or took out # records in a way never used before',
    },
    risen: 'read or took out more records in new ways',
    name: 'records reached in a new way',
  },
  records_cleared: {
    done: {
      one: 'changed or deleted # record after taking as many out',
      other: 'changed or deleted # records after taking as many out',
    },
    risen: 'changed or deleted more records after taking them out',
    name: 'records taken out, then changed or deleted',
  },
  records_on_leave: {
    done: {
      one: 'opened, copied or took out # record while on leave, as HR says',
      other: 'opened, copied or took out # records while on leave, as HR says',
    },
    risen: 'opened, copied or took out more records while on leave',
    name: 'records opened, copied or taken out while on leave',
  },
  contacts_even: {
    done: { one: 'opened # contact at an even pace', other: 'opened # contacts at an even pace' },
    risen: 'opened more contacts at an even pace',
    name: 'contacts opened at an even pace',
  },
  portfolio_taken: {
    done: {
      one: 'took out as many records as # % of their own customers',
      other: 'took out as many records as # % of their own customers',
    },
    risen: 'took out more records for the number of their own customers',
    name: 'records taken out, in % of the own customers',
  },
}
