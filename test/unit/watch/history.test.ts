import { History } from '../../../src/watch/history';

test('keeps the last values, oldest first, with their gaps', () => {
  const history = new History(3);
  expect(history.values()).toEqual([]);
  history.push(1);
  history.push(undefined);
  expect(history.values()).toEqual([1, undefined]);
  history.push(3);
  history.push(4);
  expect(history.values()).toEqual([undefined, 3, 4]);
});
