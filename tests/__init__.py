"""Tests of 教研台: behaviour through public doors, real engine, real files."""
