import { Template } from '../../../src/cli/template';

const cell = { id: 1, name: 'demo', assignedCpus: [2, 3], pool: { size: 4 }, cells: [{ id: 1 }], none: undefined };
const fill = (template: string) => new Template(template).lines([cell])[0];

test.each([
  ['{{.name}}', 'demo'],
  ['{{.Name}} {{ .ID }}!', 'demo 1!'],
  ['{{.id}}\\t{{.name}}\\n', '1\tdemo\n'],
  ['{{.assignedCpus}}', '2,3'],
  ['{{json .name}} {{json .assignedCpus}}', '"demo" [2,3]'],
  ['{{.pool}} {{.cells}}', '{"size":4} [{"id":1}]'],
  ['<{{.none}}> {{json .none}}', '<> null'],
])('%s', (template, text) => expect(fill(template)).toBe(text));

test('the whole entry', () => expect(JSON.parse(fill('{{json .}}') ?? '')).toEqual(JSON.parse(JSON.stringify(cell))));

test('what one entry lacks and another has is empty', () =>
  expect(new Template('{{.a}}-{{.b}}').lines([{ a: 1 }, { a: 2, b: 3 }])).toEqual(['1-', '2-3']));

test.each([
  ['plain', 'it has no field'],
  ['{{.}}', "'{{.}}' has no field"],
  ['{{.name}} {{range .x}}', "'{{range .x}}' is not understood"],
  ['{{.name', "'{{.name' is not understood"],
  ['{{.nme}}', "there is no field 'nme'"],
])('%s: %s', (template, reason) =>
  expect(() => fill(template)).toThrow(
    expect.objectContaining({ code: 'E_TEMPLATE', message: `--format ${template}: ${reason}` }),
  ),
);
