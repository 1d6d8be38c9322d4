import { readMatchConfig } from '../../modules/golden/index.ts'

const NAME = ['equal', 'jaro-winkler>=0.92', 'jaro-winkler>=0.8']
const febrlColumns = {
  given: 'given_name',
  surname: 'surname',
  number: 'street_number',
  street: 'address_1',
  place: 'address_2',
  suburb: 'suburb',
  postcode: 'postcode',
  state: 'state',
  born: 'date_of_birth',
  social: 'soc_sec_id',
}

/** Invented persons with typing errors: name, address, birth date, number. */
export const FEBRL = readMatchConfig({
  sources: [{ id: 'rec_id', columns: febrlColumns }],
  fields: Object.fromEntries(Object.keys(febrlColumns).map((field) => [field, { form: 'tight' }])),
  blocking: [
    ['social'],
    ['born', 'surname:3'],
    ['born', 'postcode'],
    ['given', 'surname'],
    ['postcode', 'street:4'],
    ['born', 'given:2'],
    ['surname', 'suburb:3'],
  ],
  comparisons: [
    {
      field: 'given',
      levels: [...NAME.slice(0, 1), 'swapped:surname', ...NAME.slice(1)],
      termFrequency: true,
    },
    { field: 'surname', levels: NAME, termFrequency: true },
    { field: 'number', levels: ['equal', 'damerau-levenshtein<=1'] },
    { field: 'street', levels: NAME },
    { field: 'place', levels: NAME },
    { field: 'suburb', levels: NAME },
    { field: 'postcode', levels: ['equal', 'damerau-levenshtein<=1', 'damerau-levenshtein<=2'] },
    { field: 'state', levels: ['equal'] },
    { field: 'born', levels: ['equal', 'damerau-levenshtein<=1', 'damerau-levenshtein<=2'] },
    { field: 'social', levels: ['equal', 'damerau-levenshtein<=1', 'damerau-levenshtein<=2'] },
  ],
  upper: 5,
  lower: -5,
  seed: 1,
})

/** Invented persons with heavy errors. */
export const FAKE = readMatchConfig({
  sources: [
    {
      id: 'unique_id',
      columns: { given: 'first_name', surname: 'surname', born: 'dob', city: 'city', email: 'email' },
    },
  ],
  fields: {
    given: { form: 'tight' },
    surname: { form: 'tight' },
    born: { form: 'digits' },
    city: { form: 'tight' },
    email: { form: 'exact' },
  },
  blocking: [
    ['given'],
    ['surname'],
    ['born'],
    ['email'],
    ['email:5'],
    ['surname:3', 'city:3'],
    ['born:4', 'city:3'],
  ],
  comparisons: [
    {
      field: 'given',
      levels: ['equal', 'swapped:surname', 'jaro-winkler>=0.92', 'jaro-winkler>=0.8'],
      termFrequency: true,
    },
    { field: 'surname', levels: NAME, termFrequency: true },
    { field: 'born', levels: ['equal', 'damerau-levenshtein<=1', 'damerau-levenshtein<=2'] },
    { field: 'city', levels: ['equal', 'jaro-winkler>=0.88'], termFrequency: true },
    { field: 'email', levels: ['equal', 'jaro-winkler>=0.92', 'jaro-winkler>=0.88'] },
  ],
  upper: 0,
  lower: -8,
  seed: 1,
})

/** Penalised facilities to registered ones by name and address, their keys hidden. */
export const FACILITIES = readMatchConfig({
  sources: [
    { id: 'EMS_NO', columns: { name: 'FAC_NAME', stem: 'FAC_NAME', address: 'FAC_ADDRESS' } },
    { id: '管制編號', columns: { name: 'name', stem: 'name', address: '地址' } },
  ],
  fields: {
    name: { form: 'organisation' },
    stem: { form: 'organisation-stem' },
    address: { form: 'address' },
  },
  blocking: [['name'], ['stem'], ['stem:3', 'address:6'], ['stem:2', 'address']],
  comparisons: [
    { field: 'stem', levels: ['equal', 'jaro-winkler>=0.95', 'jaro-winkler>=0.85'] },
    { field: 'address', levels: ['equal', 'contains', 'jaro-winkler>=0.95', 'jaro-winkler>=0.88'] },
  ],
  upper: 0,
  lower: -8,
  margin: 0,
  seed: 1,
})

/** What the name of an authority says of its kind alone. */
export const AUTHORITY_WORDS = [
  'council',
  'borough',
  'district',
  'city',
  'county',
  'of',
  'the',
  'b',
  'mdc',
  'metropolitan',
  'royal',
  'and',
  'cc',
  'dc',
  'bc',
  'mbc',
  'lb',
  'upon',
  'unitary',
  'authority',
  'ua',
  'corporation',
]

/** Lists of local authorities to their registers, by what is left of the names without generic words. */
export const AUTHORITIES = readMatchConfig({
  sources: [
    { id: 'id', columns: { name: 'name' } },
    { id: 'id', columns: { name: 'name' } },
  ],
  fields: {
    name: {
      form: 'words',
      strip: AUTHORITY_WORDS,
    },
  },
  blocking: [['name']],
  comparisons: [{ field: 'name', levels: ['equal'] }],
  upper: -10,
  lower: -20,
  margin: 0,
  seed: 1,
})
