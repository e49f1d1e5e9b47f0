"""Runs LocalStack on this machine without a container engine: functions are local Node processes."""
