"""Tests of her side: consent by code, receipt, status, withdrawal, requests, check-ins."""
