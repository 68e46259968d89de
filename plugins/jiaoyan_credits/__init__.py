"""Continuing-education credits: schemes as data, a ledger per teacher derived from entries, each line explained."""
