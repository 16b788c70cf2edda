import { runCommand } from '../run';
import { main } from './main';

void runCommand(main);
