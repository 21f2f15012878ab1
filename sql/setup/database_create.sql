CREATE DATABASE dvcd OWNER dvcd_owner
