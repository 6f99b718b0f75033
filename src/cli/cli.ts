#!/usr/bin/env node
import process from 'node:process';
import { main } from './main.ts';
import { processTerminal } from './processTerminal.ts';

process.exitCode = await main(process.argv.slice(2), processTerminal());
